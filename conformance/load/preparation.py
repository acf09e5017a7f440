"""Before the load: is the target there, what does it offer, and promotions for users to look at."""

from __future__ import annotations

from typing import Any

import msgspec

from conformance.client import Answer, Client
from conformance.discovery import NOT_OFFERED
from conformance.load import mix
from conformance.load.journal import Journal
from conformance.load.plan import Plan
from conformance.names import is_altered, name_in
from conformance.outcomes import TransportError
from conformance.payload import derived
from conformance.recorder import Recorder
from conformance.target import MERGE_PATCH, identity_of, promotion_path
from reports.wellformed import visible_text

SHELF = 20
"""How many promotions are created that stay during the run."""
_LONGEST_REASON = 200
_PAGE = frozenset({"text/html", "application/xhtml+xml"})


class NothingMeasured(Exception):  # noqa: N818  (it names what happened)
    """The run cannot begin, or gave no numbers; the text is one line with the cause."""


def client_for(plan: Plan) -> Client:
    """Return a client for what is sent outside of the load."""
    return Client(
        plan.url,
        Recorder(),
        headers=plan.headers,
        timeout=plan.timeout,
        connection=plan.connection,
        read_only=plan.read_only,
    )


def prepare(plan: Plan, client: Client, journal: Journal) -> Plan:
    """Look at the target, fill the shelf; return the plan with what the target offers.

    What is created stands in `journal`. Raises NothingMeasured when the target is not there, is
    not TMF671, cannot be written to, or offers nothing of what the users would do.
    """
    try:
        _check_list(client)
        absent = _absent(plan, client, journal)
        weights = mix.without(plan.mix, absent)
        if not any(weights.values()):
            raise NothingMeasured("the target offers nothing of what the users would do")
        writes = any(weights[name] for name in mix.ACTIVITIES["Editor"])
        shelf = _shelf(plan, client, journal) if writes else ()
    except TransportError as problem:
        raise NothingMeasured(str(problem)) from None
    return msgspec.structs.replace(plan, mix=weights, shelf=shelf)


def _check_list(client: Client) -> None:
    answer = client.send("GET", "/promotion", query=(("limit", "1"),))
    media = (answer.header("Content-Type") or "").partition(";")[0]
    if not answer.succeeded or media in _PAGE:
        found = f"was answered {answer.status}" if not answer.succeeded else f"gave a page, {media}"
        raise NothingMeasured(
            f"{answer.asked} {found}: is this the API root, the part before /promotion, "
            "and do the credentials allow it?"
        )


def _absent(plan: Plan, client: Client, journal: Journal) -> set[str]:
    """Try what changes something, on a promotion made for it; return what is not offered."""
    if plan.read_only:
        return set(mix.WRITING)
    absent = set()
    if plan.callback is None or not plan.mix["events"] or not _has_hub(plan, client, journal):
        absent.add("events")
    if not any(plan.mix[name] for name in mix.ACTIVITIES["Editor"]):
        return absent
    identity, answer = _create(plan, client, journal, "probe")
    if identity is None:
        if answer.status in NOT_OFFERED:
            return absent.union(mix.ACTIVITIES["Editor"])
        raise NothingMeasured(
            f"{answer.asked} was answered {answer.status}{_reason(answer)}: give a promotion that "
            "the target accepts with --payload, or use --read-only"
        )
    path = promotion_path(identity)
    changed = client.send(
        "PATCH",
        path,
        json_body={"description": "probe"},
        headers={"Content-Type": MERGE_PATCH},
    )
    if changed.status in NOT_OFFERED:
        absent.add("patch")
    deleted = client.send("DELETE", path)
    if not deleted.succeeded:
        raise NothingMeasured(
            f"{deleted.asked} was answered {deleted.status}: what a load creates would stay; "
            "use --read-only"
        )
    journal.gone(path)
    return absent


def _has_hub(plan: Plan, client: Client, journal: Journal) -> bool:
    answer = client.send("POST", "/hub", json_body={"callback": f"{plan.callback}/probe"})
    identity = identity_of(answer) if answer.succeeded else None
    if identity is None:
        return False
    path = f"/hub/{identity}"
    journal.made("probe", path)
    if client.send("DELETE", path).succeeded:
        journal.gone(path)
        return True
    return False


def _shelf(plan: Plan, client: Client, journal: Journal) -> tuple[str, ...]:
    made = (_create(plan, client, journal, f"shelf {number}")[0] for number in range(SHELF))
    return tuple(identity for identity in made if identity is not None)


def _create(plan: Plan, client: Client, journal: Journal, label: str) -> tuple[str | None, Answer]:
    name = f"{plan.mark} {label}"
    journal.asked(name)
    answer = client.send("POST", "/promotion", json_body=derived(plan.payload, name=name))
    identity = identity_of(answer) if answer.succeeded else None
    shown = name_in(None, answer.content)
    if identity is not None and shown is not None and not is_altered(shown, name, plan.mark):
        raise NothingMeasured(f"{answer.asked} was answered with another promotion, {identity}")
    if identity is None:
        journal.refused(name)
    else:
        journal.made(name, promotion_path(identity))
    return identity, answer


def _reason(answer: Answer) -> str:
    """Return the reason in an error of TMF630, when there is one."""
    try:
        body: Any = answer.json()
    except ValueError:
        return ""
    said = body.get("reason") or body.get("message") if isinstance(body, dict) else None
    return f" ({visible_text(said[:_LONGEST_REASON])})" if isinstance(said, str) else ""
