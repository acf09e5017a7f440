"""The implementation under test, in the terms of TMF671: its operations, one method each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

import specs
from conformance.adaptation import adapted, changeable
from conformance.client import Answer, Client, Query
from conformance.ledger import Ledger
from conformance.names import is_altered, name_in
from conformance.outcomes import NotApplicable, RunEnded, SwitchedOff
from conformance.payload import derived
from conformance.settings import Settings
from conformance.unknown import unknown_id

MERGE_PATCH = "application/merge-patch+json"
JSON_MEDIA = "application/json"
JSON_PATCH = "application/json-patch+json"
JSON_PATCH_QUERY = "application/json-patch-query+json"
_DOTS = frozenset({".", ".."})
"""Ids that a path cannot hold: they would lead to the collection, or above it."""


class Target:
    """Sends the operations of TMF671 and remembers what they created.

    Only what they created is ever changed or deleted. `mark` begins the name of everything this
    process creates, so that a person can tell it from real data, `run_mark` of everything the run
    creates: each of its `worker`s has a mark of its own. `api` is the description that bodies are
    validated against.
    """

    def __init__(
        self,
        settings: Settings,
        client: Client,
        ledger: Ledger | None = None,
        worker: str | None = None,
    ) -> None:
        self.settings = settings
        self.client = client
        self.run_mark = settings.mark
        self.mark = self.run_mark if worker is None else f"{self.run_mark}-{worker}"
        self.ledger = ledger or Ledger()
        self._trusted = False
        self._api: specs.ApiDescription | None = None

    @property
    def api(self) -> specs.ApiDescription:
        """The API description of the version under test, or the user's own."""
        if self._api is None:
            self._api = specs.load(self.settings.spec or self.settings.api_version)
        return self._api

    @property
    def standard(self) -> specs.ApiDescription:
        """Our own description of the version under test."""
        return specs.load(self.settings.api_version)

    @property
    def has_own_payload(self) -> bool:
        """Whether the user gave the promotion that creates are derived from."""
        return self.settings.payload is not None

    def promotion(self, label: str, **changes: Any) -> dict[str, Any]:
        """Return a promotion to POST whose name carries the run's mark and `label`."""
        changes.setdefault("name", f"{self.mark} {label}")
        return adapted(derived(self.settings.payload, **changes), self.settings.attributes)

    @property
    def changeable(self) -> str:
        """The attribute that checks of PATCH change. Raises NotApplicable when none can be."""
        name = changeable(self.settings.attributes)
        if name is None:
            raise NotApplicable("the target lets no text attribute be changed")
        return name

    @property
    def another_status(self) -> str:
        """A lifecycleStatus other than the one that promotions are created with."""
        rule = self.settings.attributes.get("lifecycleStatus")
        if rule is not None and rule.values is not None:
            return str(rule.values[-1])
        return "test"

    def create(self, promotion: Any, *, query: str | Query = ()) -> Answer:
        """POST /promotion; what it created is deleted at the end of the run."""
        return self.create_raw(json_body=promotion, query=query)

    def create_raw(self, **how: Any) -> Answer:
        """POST /promotion with the client's own options, to send what is not a promotion."""
        sent = name_in(how.get("json_body"), how.get("content"))
        number = self.ledger.announce(sent)
        answer = self._sent_as_announced([number], "POST", "/promotion", **how)
        if answer.succeeded:
            self._remember_promotion(number, sent, answer)
        elif sent is None or answer.status < 500:
            self.ledger.settle(number)
        return answer

    def retrieve(self, promotion_id: str, query: str | Query = (), **how: Any) -> Answer:
        """GET /promotion/{id}."""
        return self.client.send("GET", promotion_path(promotion_id), query=query, **how)

    def list(self, query: str | Query = (), **how: Any) -> Answer:
        """GET /promotion."""
        return self.client.send("GET", "/promotion", query=query, **how)

    def patch(
        self,
        promotion_id: str,
        changes: Any,
        media_type: str = MERGE_PATCH,
        *,
        query: str | Query = (),
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """PATCH /promotion/{id}. Raises ForeignWrite for what this run did not create."""
        path = promotion_path(promotion_id)
        self.ledger.guard(path)
        return self.client.send(
            "PATCH",
            path,
            json_body=changes,
            query=query,
            headers={"Content-Type": media_type, **(headers or {})},
        )

    def patch_collection(self, additions: Sequence[dict[str, Any]]) -> Answer:
        """PATCH /promotion with JSON Patch that adds promotions; they are deleted at the end.

        Of an answer that shows more than those, only what has a name that was sent is this run's.
        """
        operations = [{"op": "add", "path": "/", "value": one} for one in additions]
        names = [name_in(one) for one in additions]
        numbers = [self.ledger.announce(name) for name in names]
        answer = self._sent_as_announced(
            numbers,
            "PATCH",
            "/promotion",
            json_body=operations,
            headers={"Content-Type": JSON_PATCH},
        )
        waiting = dict(zip(names, numbers, strict=True))
        if answer.succeeded:
            for identity, name in _identities_and_names(answer):
                if name in waiting:
                    self.ledger.add(promotion_path(identity), waiting.pop(name))
        elif answer.status < 500:
            for number in numbers:
                self.ledger.settle(number)
        return answer

    def delete(self, promotion_id: str) -> Answer:
        """DELETE /promotion/{id}."""
        return self.delete_path(promotion_path(promotion_id))

    def subscribe(self, callback: str | None, query: str | None = None) -> Answer:
        """POST /hub; the subscription is removed at the end of the run."""
        body = {"callback": callback, "query": query}
        number = self.ledger.announce_subscription(callback or "none")
        answer = self._sent_as_announced(
            [number],
            "POST",
            "/hub",
            json_body={name: v for name, v in body.items() if v is not None},
        )
        identity = identity_of(answer) if answer.succeeded else None
        if identity is not None and identity not in _DOTS:
            self.ledger.add(hub_path(identity), number)
        elif answer.succeeded:
            self.ledger.add_unnamed(number)
        else:
            self.ledger.settle(number)
        return answer

    def unsubscribe(self, subscription_id: str) -> Answer:
        """DELETE /hub/{id}."""
        return self.delete_path(hub_path(subscription_id))

    def unsubscribe_unknown(self, known_id: str) -> Answer | None:
        """DELETE a subscription that is not there: `known_id` gives the form of the id.

        None when no unknown id can be made of it.
        """
        unknown = unknown_id(known_id, self.settings.seed)
        if unknown == known_id:
            return None
        self.ledger.free(hub_path(unknown))
        return self.unsubscribe(unknown)

    def unsubscribe_answer(self, answer: Answer, keep: str | None = None) -> None:
        """Remove what a registration answered with, unless it is the subscription `keep`."""
        identity = identity_of(answer) if answer.succeeded else None
        if identity is not None and identity != keep:
            self.unsubscribe(identity)

    def delete_path(self, path: str) -> Answer:
        """DELETE what is at `path` below the root. Raises ForeignWrite when it is not the run's."""
        self.ledger.guard(path)
        answer = self.client.send("DELETE", path)
        if answer.succeeded:
            self.ledger.remove(path)
        return answer

    def absolute(self, reference: str, base_path: str = "/promotion") -> str:
        """Resolve an href or Location, relative or absolute, against the URL it came from."""
        return urljoin(self.client.root + base_path, reference)

    def same_resource(self, one: str, other: str) -> bool:
        """Tell whether two references name one resource: equal paths once resolved.

        Scheme and host may differ behind a gateway, and so may escaping.
        """
        paths = {
            unquote(urlsplit(self.absolute(reference)).path).rstrip("/")
            for reference in (one, other)
        }
        return len(paths) == 1

    def _sent_as_announced(
        self, numbers: Sequence[str], method: str, path: str, **how: Any
    ) -> Answer:
        """Send a create; where none was sent, or it was refused for good, nothing came of it."""
        try:
            return self.client.send(method, path, **how)
        except (SwitchedOff, RunEnded):
            for number in numbers:
                self.ledger.settle(number)
            raise

    def _remember_promotion(self, number: str, sent: str | None, answer: Answer) -> None:
        """Take what a create was answered with for the run's own, unless it is another promotion.

        An answer that shows somebody's promotion does not give it away: it is not touched.
        """
        identity = identity_of(answer)
        if identity is None or identity in _DOTS or not self._shows_ours(sent, answer):
            self.ledger.add_unnamed(number)
        else:
            self.ledger.add(promotion_path(identity), number)

    def _shows_ours(self, sent: str | None, answer: Answer) -> bool:
        """Tell whether an answer to a create can be of what was sent, by the name that it shows.

        A name that the server made up is believed when it has shown a name of the run before, or
        when the user says that the server sets it.
        """
        shown = name_in(_json(answer))
        if shown is None:
            return True
        if sent is not None:
            self._trusted = is_altered(shown, sent, self.run_mark)
            return self._trusted
        rule = self.settings.attributes.get("name")
        return answer.status == 201 and (self._trusted or (rule is not None and rule.server_set))


def promotion_path(promotion_id: str) -> str:
    """Return the path of a promotion below the API root."""
    return f"/promotion/{quote(promotion_id, safe='', errors='surrogatepass')}"


def hub_path(subscription_id: str) -> str:
    """Return the path of a subscription below the API root."""
    return f"/hub/{quote(subscription_id, safe='', errors='surrogatepass')}"


def identity_of(answer: Answer) -> str | None:
    """Return the id of what an answer created: from its body, else the end of its Location."""
    body = _json(answer)
    if isinstance(body, dict) and isinstance(body.get("id"), str | int) and str(body["id"]):
        return str(body["id"])
    last = urlsplit(answer.header("Location") or "").path.rstrip("/").rsplit("/", 1)[-1]
    return unquote(last) or None


def identities_of(answer: Answer) -> list[str]:
    """Return the ids of the objects in an answer's array."""
    return [identity for identity, _ in _identities_and_names(answer)]


def _identities_and_names(answer: Answer) -> list[tuple[str, str | None]]:
    body = _json(answer)
    items = body if isinstance(body, list) else [body]
    return [
        (str(item["id"]), name_in(item))
        for item in items
        if isinstance(item, dict) and item.get("id")
    ]


def _json(answer: Answer) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None
