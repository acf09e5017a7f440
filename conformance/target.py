"""The implementation under test, in the terms of TMF671: its operations, one method each."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

import specs
from conformance.adaptation import adapted, changeable
from conformance.client import Answer, Client, Query
from conformance.ledger import Ledger
from conformance.outcomes import NotApplicable
from conformance.payload import derived
from conformance.settings import Settings

MERGE_PATCH = "application/merge-patch+json"
JSON_MEDIA = "application/json"
JSON_PATCH = "application/json-patch+json"
JSON_PATCH_QUERY = "application/json-patch-query+json"


class Target:
    """Sends the operations of TMF671 and remembers what they created.

    `mark` stands in the name of everything this run creates, so that a person can tell it from
    real data. `api` is the description that bodies are validated against.
    """

    def __init__(self, settings: Settings, client: Client, mark: str | None = None) -> None:
        self.settings = settings
        self.client = client
        self.mark = mark or f"tmf671-check-{uuid.uuid4().hex[:8]}"
        self.ledger = Ledger()
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
        answer = self.client.send("POST", "/promotion", **how)
        if answer.succeeded:
            self._remember("/promotion", answer)
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
        """PATCH /promotion/{id}."""
        return self.client.send(
            "PATCH",
            promotion_path(promotion_id),
            json_body=changes,
            query=query,
            headers={"Content-Type": media_type, **(headers or {})},
        )

    def patch_collection(self, operations: Any) -> Answer:
        """PATCH /promotion with JSON Patch; the ids in its answer are deleted at the end."""
        answer = self.client.send(
            "PATCH", "/promotion", json_body=operations, headers={"Content-Type": JSON_PATCH}
        )
        if answer.succeeded:
            for identity in identities_of(answer):
                self.ledger.add(promotion_path(identity))
        return answer

    def delete(self, promotion_id: str) -> Answer:
        """DELETE /promotion/{id}."""
        return self.delete_path(promotion_path(promotion_id))

    def subscribe(self, callback: str | None, query: str | None = None) -> Answer:
        """POST /hub; the subscription is removed at the end of the run."""
        body = {"callback": callback, "query": query}
        answer = self.client.send(
            "POST", "/hub", json_body={name: v for name, v in body.items() if v is not None}
        )
        if answer.succeeded:
            self._remember("/hub", answer)
        return answer

    def unsubscribe(self, subscription_id: str) -> Answer:
        """DELETE /hub/{id}."""
        return self.delete_path(f"/hub/{quote(subscription_id, safe='')}")

    def unsubscribe_answer(self, answer: Answer, keep: str | None = None) -> None:
        """Remove what a registration answered with, unless it is the subscription `keep`."""
        identity = identity_of(answer) if answer.succeeded else None
        if identity is not None and identity != keep:
            self.unsubscribe(identity)

    def delete_path(self, path: str) -> Answer:
        """DELETE what is at `path` below the root."""
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

    def _remember(self, collection: str, answer: Answer) -> None:
        identity = identity_of(answer)
        if identity is None:
            self.ledger.add_unnamed(f"POST {collection} (exchange {answer.exchange.n})")
        else:
            self.ledger.add(f"{collection}/{quote(identity, safe='')}")


def promotion_path(promotion_id: str) -> str:
    """Return the path of a promotion below the API root."""
    return f"/promotion/{quote(promotion_id, safe='')}"


def identity_of(answer: Answer) -> str | None:
    """Return the id of what an answer created: from its body, else the end of its Location."""
    try:
        body = answer.json()
    except ValueError:
        body = None
    if isinstance(body, dict) and isinstance(body.get("id"), str | int) and str(body["id"]):
        return str(body["id"])
    last = urlsplit(answer.header("Location") or "").path.rstrip("/").rsplit("/", 1)[-1]
    return unquote(last) or None


def identities_of(answer: Answer) -> list[str]:
    """Return the ids of the objects in an answer's array."""
    try:
        body = answer.json()
    except ValueError:
        return []
    items = body if isinstance(body, list) else [body]
    return [str(item["id"]) for item in items if isinstance(item, dict) and item.get("id")]
