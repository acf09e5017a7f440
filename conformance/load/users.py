"""The users of a CRM as Locust's user classes: each task is one request and what must come back.

What comes back is looked at as a client would: is it there, is it the promotion asked for, does the
filter hold. The conformance checks ask for more; here the question is whether it holds under load.
"""

from __future__ import annotations

import itertools
import json
import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import gevent
from locust import FastHttpUser
from locust.user.wait_time import constant_throughput

from conformance.authorization import Authorization
from conformance.load.journal import Journal
from conformance.load.mix import ACTIVITIES, users_by_kind
from conformance.load.plan import Plan
from conformance.load.tls import context_for
from conformance.names import is_altered
from conformance.payload import derived
from conformance.version import VERSION

PAGE = 20
"""Promotions a page."""
_MOST_KNOWN = 500
_MOST_OWNED = 25
"""Promotions that an editor has at a time; then one is deleted before the next is created."""
_FILTERED = ("lifecycleStatus", "promotionType", "name")
_EDITED = "edited"
"""Stands in the name of what comes and goes; readers leave it alone."""
_NUMBERS = itertools.count()


@dataclass
class Surroundings:
    """What all users of a process share; a worker's plan changes with its master's orders."""

    plan: Plan
    journal: Journal
    authorization: Authorization


class CrmUser(FastHttpUser):
    """What all kinds have: the connection, the credentials, the pace."""

    abstract = True
    shared: Surroundings

    def on_start(self) -> None:
        """Give each user chance of its own, the same in each run of one process."""
        plan = self.shared.plan
        self.number = next(_NUMBERS)
        self.chance = random.Random(f"{plan.seed} {self.number}")  # noqa: S311
        self.known: list[dict[str, Any]] = [{"id": identity} for identity in plan.shelf]

    def wait_time(self) -> float:
        """Return the pause before the next request, in seconds."""
        plan = self.shared.plan
        if plan.rate is not None:
            return float(constant_throughput(plan.rate / plan.users)(self))
        return self.chance.uniform(0.5, 1.5) * plan.think_time

    def idle(self) -> None:
        """Do nothing: what a kind does whose activities the target does not offer."""

    def ask(
        self,
        operation: str,
        method: str,
        path: str,
        look: Callable[[int, Any], str | None],
        body: Any = None,
        media_type: str = "application/json",
    ) -> None:
        """Send one request. `look` is given the answer's status and JSON value, None for none.

        It returns why the answer is not what it should be, or None. It is called with status 0
        when there is no answer, whatever it returns then.
        """
        credentials = self.shared.authorization.headers()
        headers = {"Accept": "application/json", "User-Agent": f"tmf671-load/{VERSION}"}
        headers |= self.shared.plan.headers | credentials
        if body is not None:
            headers["Content-Type"] = media_type
        with (
            gevent.Timeout(self.shared.plan.connection.total_timeout),
            self.client.request(
                method,
                path,
                name=operation,
                data=None if body is None else json.dumps(body, ensure_ascii=False),
                headers=headers,
                catch_response=True,
                allow_redirects=False,
            ) as answer,
        ):
            status = answer.status_code or 0
            value = None if status == 0 else _json(answer.content)
            failure = look(status, value)
            if status == 0:
                return
            if status == 401:
                self.shared.authorization.renew(credentials)
            if not 200 <= status < 300:
                failure = f"answered {status}"
            if failure is None:
                answer.success()
            else:
                answer.failure(failure)


class Reader(CrmUser):
    """Looks for promotions: pages through the list, filters it, opens one."""

    def on_start(self) -> None:
        """Begin on the first page."""
        super().on_start()
        self.offset = 0

    def browse(self) -> None:
        """Open the next page of the list, the first after the last."""

        def look(status: int, value: Any) -> str | None:
            items = value if isinstance(value, list) else []
            self.offset = self.offset + PAGE if len(items) >= PAGE else 0
            self._remember(items)
            return _not_a_list(status, value)

        self.ask("list", "GET", f"/promotion?offset={self.offset}&limit={PAGE}", look)

    def search(self) -> None:
        """Filter the list by what a promotion seen before has."""
        seen = self.chance.choice(self.known) if self.known else {}
        names = [name for name in _FILTERED if isinstance(seen.get(name), str) and seen[name]]
        if not names:
            self.browse()
            return
        name = self.chance.choice(names)

        def look(status: int, value: Any) -> str | None:
            if fault := _not_a_list(status, value):
                return fault
            strangers = [i for i in value if isinstance(i, dict) and i.get(name) != seen[name]]
            return f"the filter on {name} let others through" if strangers else None

        query = urlencode({name: seen[name], "limit": PAGE}, quote_via=quote)
        self.ask("search", "GET", f"/promotion?{query}", look)

    def retrieve(self) -> None:
        """Open a promotion; half of the time only some of its attributes."""
        if not self.known:
            self.browse()
            return
        identity = str(self.chance.choice(self.known)["id"])
        some = self.chance.random() < 0.5

        def look(_status: int, value: Any) -> str | None:
            if not isinstance(value, dict):
                return "the answer is no promotion"
            # With fields a server may leave out the id.
            found = value.get("id", identity if some else None)
            return None if str(found) == identity else "the answer is another promotion"

        query = "?fields=name,lifecycleStatus" if some else ""
        self.ask("retrieve", "GET", f"/promotion/{quote(identity, safe='')}{query}", look)

    def _remember(self, items: list[Any]) -> None:
        for item in items:
            if not isinstance(item, dict) or not item.get("id"):
                continue
            name = str(item.get("name"))
            if not (name.startswith(_MARK_OF_LOADS) and f" {_EDITED} " in name):
                kept = {key: item[key] for key in ("id", *_FILTERED) if key in item}
                if len(self.known) < _MOST_KNOWN:
                    self.known.append(kept)
                else:
                    self.known[self.chance.randrange(_MOST_KNOWN)] = kept


class Editor(CrmUser):
    """Makes promotions, changes and removes them: only those it made itself."""

    def on_start(self) -> None:
        """Begin with nothing."""
        super().on_start()
        self.owned: list[str] = []
        self.edits = 0

    def create(self) -> None:
        """Create a promotion, or delete one when there are many."""
        if len(self.owned) >= _MOST_OWNED:
            self.delete()
            return
        plan, journal = self.shared.plan, self.shared.journal
        self.edits += 1
        name = f"{plan.mark} {_EDITED} {os.getpid()}-{self.number}-{self.edits}"
        journal.asked(name)

        def look(status: int, value: Any) -> str | None:
            if status == 0:
                return None
            identity = value.get("id") if isinstance(value, dict) else None
            if not 200 <= status < 300:
                journal.refused(name)
            elif identity and not is_altered(str(value.get("name", name)), name, plan.mark):
                return "the answer is another promotion"  # which is not ours to change
            elif identity:
                path = f"/promotion/{quote(str(identity), safe='')}"
                journal.made(name, path)
                self.owned.append(path)
            return None if identity else "the answer tells no id"

        self.ask("create", "POST", "/promotion", look, derived(plan.payload, name=name))

    def patch(self) -> None:
        """Change the description of one of the own promotions."""
        if not self.owned:
            self.create()
            return
        text = f"changed {self.chance.randrange(10**9)}"

        def look(_status: int, value: Any) -> str | None:
            if isinstance(value, dict) and value.get("description", text) != text:
                return "the answer does not have the change"
            return None

        self.ask(
            "patch",
            "PATCH",
            self.chance.choice(self.owned),
            look,
            {"description": text},
            "application/merge-patch+json",
        )

    def delete(self) -> None:
        """Remove one of the own promotions."""
        if not self.owned:
            self.create()
            return
        path = self.owned.pop(self.chance.randrange(len(self.owned)))

        def look(status: int, _value: Any) -> str | None:
            if 200 <= status < 300:
                self.shared.journal.gone(path)
            return None

        self.ask("delete", "DELETE", path, look)


class Subscriber(CrmUser):
    """A system that asks for events, and after a while no more."""

    def on_start(self) -> None:
        """Begin without a subscription."""
        super().on_start()
        self.subscription: str | None = None
        self.subscriptions = 0

    def events(self) -> None:
        """Subscribe, or end the subscription."""
        if self.subscription is None:
            self._subscribe()
        else:
            self._unsubscribe(self.subscription)

    def _subscribe(self) -> None:
        self.subscriptions += 1
        name = f"{os.getpid()}-{self.number}-{self.subscriptions}"
        callback = f"{self.shared.plan.callback}/{name}"

        def look(status: int, value: Any) -> str | None:
            identity = value.get("id") if isinstance(value, dict) else None
            if 200 <= status < 300 and identity:
                self.subscription = f"/hub/{quote(str(identity), safe='')}"
                self.shared.journal.made(name, self.subscription)
            return None if identity else "the answer tells no id"

        self.ask("subscribe", "POST", "/hub", look, {"callback": callback})

    def _unsubscribe(self, path: str) -> None:
        self.subscription = None

        def look(status: int, _value: Any) -> str | None:
            if 200 <= status < 300:
                self.shared.journal.gone(path)
            return None

        self.ask("unsubscribe", "DELETE", path, look)


_MARK_OF_LOADS = "tmf671-load-"
_KINDS: dict[str, type[CrmUser]] = {
    "Reader": Reader,
    "Editor": Editor,
    "Subscriber": Subscriber,
}


def user_classes(shared: Surroundings, *, worker: bool) -> list[type[CrmUser]]:
    """Return the kinds of users of a plan, made ready for Locust.

    On a worker there are all of them, for its master decides how many of which.
    """
    plan = shared.plan
    counts = users_by_kind(plan.mix, plan.users)
    for name, kind in _KINDS.items():
        kind.shared = shared
        kind.host = plan.url
        kind.abstract = False
        kind.fixed_count = counts.get(name, 0)
        kind.weight = 1 if worker or name in counts else 0
        kind.tasks = [
            getattr(kind, activity)
            for activity in ACTIVITIES[name]
            for _ in range(plan.mix.get(activity, 0))
        ] or [CrmUser.idle]
        kind.network_timeout = plan.timeout
        kind.connection_timeout = plan.connection.connect_timeout
        kind.insecure = plan.connection.insecure
        kind.ssl_context_factory = staticmethod(context_for(plan.connection))
    return list(_KINDS.values())


def _json(content: bytes | None) -> Any:
    try:
        return json.loads(content or b"null")
    except (ValueError, RecursionError):
        return None


def _not_a_list(status: int, value: Any) -> str | None:
    return None if status == 0 or isinstance(value, list) else "the answer is no list"
