"""Requests generated from the API description (schemathesis), judged by what must always hold."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from conformance.catalogue import check
from conformance.client import Answer
from conformance.conditions import json_list, json_object, no_fault, valid
from conformance.discovery import Capabilities
from conformance.generation import try_generated
from conformance.levels import MUST
from conformance.outcomes import SwitchedOff
from conformance.target import Target

CREATE = ("/promotion", "POST")
LIST = ("/promotion", "GET")
ENGINE_FROM = 25


def post(target: Target, case: Any) -> Answer:
    """POST a generated body; a name that is text gets the run's mark."""
    body = case.body if isinstance(case.body, dict | list | str | int | float) else None
    if isinstance(body, dict) and isinstance(body.get("name"), str) and body["name"].strip():
        body = {**body, "name": f"{target.mark} generated"}
    return target.create(body)


@check(
    "TMF671-FUZZ-CREATE",
    level=MUST,
    requirements=["R-P03-CREATE-201", "R-M01-SCHEMA-CREATE"],
    needs=["create"],
)
def valid_promotions(target: Target) -> None:
    """Generated promotions that are valid are created or refused, never met with a fault.

    A 4xx passes, since a target may have rules of its own; what a 2xx answers must be valid.
    """

    def judge(answer: Answer) -> None:
        no_fault(answer)
        if answer.succeeded and answer.content:
            valid(target, json_object(answer), "Promotion")

    try_generated(target, CREATE, "positive", lambda case: post(target, case), judge)


@check("TMF671-FUZZ-INVALID", level=MUST, requirements=["R-G43-BAD-TYPE"], needs=["create"])
def invalid_promotions(target: Target) -> None:
    """Generated bodies that are not promotions are the client's mistake, never a fault.

    A 2xx passes here: servers differ in what they tolerate, and the sharp cases have checks of
    their own.
    """

    def judge(answer: Answer) -> None:
        no_fault(answer)

    try_generated(target, CREATE, "negative", lambda case: post(target, case), judge)


@check("TMF671-FUZZ-LIST", level=MUST, requirements=["R-P02-LIST-200"], writes=False)
def generated_queries(target: Target) -> None:
    """Generated values of fields, offset and limit are answered by a list or refused.

    Any 2xx and 4xx pass; what a 2xx answers must be an array.
    """

    def send(case: Any) -> Answer:
        return target.list(urlencode(dict(case.query or {}), doseq=True))

    def judge(answer: Answer) -> None:
        no_fault(answer)
        if answer.succeeded:
            json_list(answer)

    try_generated(target, LIST, "positive", send, judge)


@check(
    "TMF671-FUZZ-SEQUENCE",
    level=MUST,
    requirements=["R-G20-WHOLE", "R-G47-MERGE"],
    needs=["create"],
)
def random_sequences(target: Target, capabilities: Capabilities) -> None:
    """After any sequence of creates, changes and deletes, each promotion shows what it must.

    A refused operation passes, and changes nothing in the model. Operations that the target does
    not offer are left out of the sequences.
    """
    from conformance.state_machine import explore  # noqa: PLC0415  (imports hypothesis)

    explore(target, capabilities)


@check(
    "TMF671-FUZZ-ENGINE",
    level=MUST,
    requirements=["R-P02-LIST-200", "R-P03-CREATE-201"],
    needs=["create"],
)
def schemathesis_finds_no_fault(target: Target) -> None:
    """Schemathesis' coverage and stateful phases meet no fault: no answer is 5xx.

    Refusals pass. Over a thousand requests, so it is left out below --fuzz 25. Only what the run
    created is changed or deleted.
    """
    if target.settings.examples < ENGINE_FROM:
        raise SwitchedOff(f"--fuzz {target.settings.examples}: schemathesis' engine needs 25")
    from conformance.schemathesis_engine import run_engine  # noqa: PLC0415  (slow to import)

    run_engine(target)
