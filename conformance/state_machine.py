"""Random sequences of operations against a plain model of what must come of them.

hypothesis chooses the sequence and shrinks one that fails; the model is a dictionary of what the
run itself created, so nothing else in the target is touched or judged.
"""

from __future__ import annotations

from typing import Any, ClassVar

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from conformance.adaptation import changeable
from conformance.conditions import contains, exactly, json_object, no_fault, status
from conformance.discovery import Capabilities
from conformance.generation import Attempts, bounded_shrinking, keep_no_files
from conformance.listing import matches
from conformance.target import Target, identity_of

TEXTS = st.text(
    st.characters(exclude_categories=("C", "Z"), include_characters=" "), min_size=1, max_size=40
).filter(lambda text: text == text.strip())
"""Printable text of any script, without blanks at its ends, which servers may trim."""

CHANGES = st.fixed_dictionaries({}, optional={"text": TEXTS | st.none(), "status": st.booleans()})
_STEPS = 8


class PromotionMachine(RuleBasedStateMachine):
    """What the target must show after each operation; a run sets the class variables."""

    target: ClassVar[Target]
    capabilities: ClassVar[Capabilities]
    attempts: ClassVar[Attempts]
    alive: Any = Bundle("alive")

    def __init__(self) -> None:
        super().__init__()
        self.attempts.begin()
        self.model: dict[str, dict[str, Any]] = {}

    @rule(target=alive, description=TEXTS)
    def create(self, description: str) -> Any:
        """POST; a refusal leaves the model as it is."""
        text = changeable(self.target.settings.attributes)
        given = {} if text is None else {text: description}
        promotion = self.target.promotion("model", **given)
        answer = no_fault(self.target.create(promotion))
        identity = identity_of(answer) if answer.succeeded else None
        if identity is None:
            return multiple()
        self.model[identity] = {"name": promotion["name"], **given}
        return identity

    @precondition(lambda self: self.capabilities.patch)
    @rule(identity=alive, changes=CHANGES)
    def change(self, identity: str, changes: dict[str, Any]) -> None:
        """PATCH by merge; None removes. A status that the target maps is not in the model."""
        text = changeable(self.target.settings.attributes)
        sent = {"name": self.model[identity]["name"]}
        if "text" in changes and text is not None:
            sent[text] = changes["text"]
        if "status" in changes:
            sent["lifecycleStatus"] = self.target.another_status
        if no_fault(self.target.patch(identity, sent)).succeeded:
            self.model[identity].update(sent)

    @precondition(lambda self: self.capabilities.delete)
    @rule(identity=consumes(alive))
    def delete(self, identity: str) -> None:
        """DELETE, and it is gone."""
        if no_fault(self.target.delete(identity)).succeeded:
            del self.model[identity]
            status(self.target.retrieve(identity), 404, 410)

    @rule(identity=alive)
    def retrieve(self, identity: str) -> None:
        """GET shows the model; a removed attribute may be absent or null."""
        shown = json_object(status(self.target.retrieve(identity), 200))
        expected = self.model[identity]
        removed = {name: None for name, value in expected.items() if value is None}
        contains("the promotion", {**expected, **removed}, {**removed, **shown})

    @rule(identity=alive)
    def find(self, identity: str) -> None:
        """The list finds it by its id, alone."""
        exactly("filter by id", [identity], matches(self.target, (("id", identity),)))

    def teardown(self) -> None:
        """Delete what the sequence left."""
        for identity in self.model:
            if self.capabilities.delete:
                self.target.delete(identity)


def explore(target: Target, capabilities: Capabilities) -> None:
    """Run as many sequences of up to eight operations as `settings.examples` says.

    Raises ConditionFailed with the finding of the smallest sequence that goes wrong.
    """
    keep_no_files()
    attempts = Attempts(target.client.recorder)
    members = {"target": target, "capabilities": capabilities, "attempts": attempts}
    machine = hypothesis.seed(target.settings.seed)(type("Run", (PromotionMachine,), members))
    settings = hypothesis.settings(
        max_examples=target.settings.examples,
        stateful_step_count=_STEPS,
        deadline=None,
        database=None,
        print_blob=False,
        report_multiple_bugs=False,
        verbosity=hypothesis.Verbosity.quiet,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    with bounded_shrinking(), attempts.only_the_last_when_it_fails():
        run_state_machine_as_test(machine, settings=settings)
