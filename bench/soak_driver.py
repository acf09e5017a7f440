# ruff: noqa: INP001, S311  a module of the script beside it; chance that can be repeated
"""The load of the soak: one process with many connections, and a model of what must be there.

Each connection writes only to promotions that it made itself, so it knows what each of them is.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from collections import Counter
from multiprocessing.connection import Connection
from typing import Any
from urllib.parse import quote, urlsplit

from soak_malformed import BROKEN, JSON, MERGE_PATCH, REFUSED, request

_OWNED = 25
_REMEMBERED_GONE = 20
_MOST_TOLD = 20
_PATIENCE = 30.0
_WEIGHTS = {
    "retrieve": 560,
    "some attributes": 100,
    "gone": 30,
    "list": 80,
    "search": 100,
    "create": 40,
    "patch": 40,
    "delete": 40,
    "malformed": 8,
    "broken": 2,
}
"""A thousand requests: one per cent of them is malformed."""


class Lost(Exception):  # noqa: N818  (it names what happened)
    """The connection ended before the answer did."""


class Wire(asyncio.Protocol):
    """One connection: a request at a time, whose answer is read by its Content-Length."""

    def __init__(self) -> None:
        self._buffer = b""
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self.transport: asyncio.Transport | None = None
        self.open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note that it is open."""
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.open = transport, True

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  (asyncio's)
        """Tell who waits."""
        self.open = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(Lost())

    def data_received(self, data: bytes) -> None:
        """Complete the answer when it is there as a whole."""
        self._buffer += data
        head, end, body = self._buffer.partition(b"\r\n\r\n")
        if not end or self._answer is None or self._answer.done():
            return
        low = head.lower()
        at = low.find(b"\r\ncontent-length:")
        length = 0 if at < 0 else int(low[at + 17 :].partition(b"\r\n")[0])
        if len(body) >= length:
            self._buffer = b""
            if b"\r\nconnection: close" in low:
                self.open = False
            self._answer.set_result((int(head[9:12]), body))

    async def ask(self, data: bytes) -> tuple[int, bytes]:
        """Send a request; return the status and the body. Raises Lost, TimeoutError."""
        assert self.transport is not None
        self._buffer = b""
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(data)
        async with asyncio.timeout(_PATIENCE):
            return await self._answer


class Driver:
    """Sends by chance and by weight, from many connections, and keeps the accounts.

    `surprises` are answers that were not expected, the first of each kind; `statuses` counts all
    answers, 0 for what is no HTTP and got none.
    """

    def __init__(self, root: str, seed: int) -> None:
        parts = urlsplit(root)
        self.host, self.port, self.root = parts.hostname or "", parts.port or 80, parts.path
        self.netloc = parts.netloc
        self.seed = seed
        self.requests = 0
        self.malformed = 0
        self.statuses: Counter[int] = Counter()
        self.surprises: Counter[str] = Counter()
        self.model: dict[str, dict[str, Any]] = {}
        self.running = False
        self.ending = False

    def account(self) -> dict[str, Any]:
        """Return the accounts."""
        return {
            "requests": self.requests,
            "malformed": self.malformed,
            "statuses": dict(self.statuses),
            "surprises": dict(self.surprises.most_common(_MOST_TOLD)),
        }

    async def run(self, connections: int) -> None:
        """Send until `running` is no more."""
        self.running = True
        clients = [Client(self, number) for number in range(connections)]
        await asyncio.gather(*(client.run() for client in clients))

    def surprise(self, what: str) -> None:
        """Note an answer that was not expected, unless the server is told to stop."""
        if not self.ending:
            self.surprises[what] += 1


class Client:
    """One connection with the promotions it made."""

    def __init__(self, driver: Driver, number: int) -> None:
        self.driver = driver
        self.chance = random.Random(f"{driver.seed} {number} {driver.requests}")
        self.name = f"soak {driver.seed}-{number}-{self.chance.randrange(10**9)}"
        self.owned: list[str] = []
        self.lost: list[str] = []
        self.made = 0
        self.wire = Wire()

    async def run(self) -> None:
        """Send one request after the other."""
        names, weights = list(_WEIGHTS), list(_WEIGHTS.values())
        work = {name: getattr(self, name.replace(" ", "_")) for name in names}
        plan: list[str] = []
        while self.driver.running:
            if not plan:
                plan = self.chance.choices(names, weights, k=1000)
            name = plan.pop()
            try:
                await work[name]()
            except (Lost, TimeoutError, OSError, KeyError, TypeError, ValueError) as problem:
                self.driver.surprise(f"{name}: {_told(problem)}")
                # What is still to come on this connection would be taken for another's answer.
                self.wire.open = False
                await asyncio.sleep(0.05)
        if self.wire.transport is not None:
            self.wire.transport.close()

    async def ask(self, data: bytes, expected: range | int, what: str) -> tuple[int, bytes]:
        """Send a request on the connection, opened anew when it was closed; check the status."""
        if not self.wire.open:
            if self.wire.transport is not None:
                self.wire.transport.close()
            self.wire = await self._connected()
        self.driver.requests += 1
        status, body = await self.wire.ask(data)
        self.driver.statuses[status] += 1
        fits = status == expected if isinstance(expected, int) else status in expected
        if not fits:
            self.driver.surprise(f"{what}: answered {status}")
        return status, body

    async def _connected(self) -> Wire:
        _, wire = await asyncio.get_running_loop().create_connection(
            Wire, self.driver.host, self.driver.port
        )
        return wire

    def _request(self, method: str, path: str, body: Any = None, media_type: str = JSON) -> bytes:
        content = None if body is None else json.dumps(body).encode()
        return request(method, self.driver.root + path, self.driver.netloc, content, media_type)

    async def create(self) -> None:
        """Create a promotion, unless there are enough."""
        if len(self.owned) >= _OWNED:
            await self.delete()
            return
        self.made += 1
        sent = {
            "name": f"{self.name} {self.made}",
            "description": "x" * self.chance.randrange(600),
            "lifecycleStatus": self.chance.choice(("draft", "released")),
            "promotionType": "Discount",
            "pattern": [
                {
                    "name": "loyal",
                    "criteriaGroup": [
                        {
                            "criteria": [
                                {
                                    "criteriaParameter": "months",
                                    "criteriaOperator": ">=",
                                    "criteriaValue": "24",
                                }
                            ]
                        }
                    ],
                    "action": [{"actionType": "discount", "actionValue": "20"}],
                }
            ],
        }
        status, body = await self.ask(self._request("POST", "/promotion", sent), 201, "create")
        if status != 201:
            return
        answer = json.loads(body)
        if any(answer.get(key) != value for key, value in sent.items()):
            self.driver.surprise("create: the answer is not what was sent")
        identity = answer["id"]
        self.driver.model[identity] = answer
        self.owned.append(identity)

    async def patch(self) -> None:
        """Change a promotion of this connection's own."""
        if not self.owned:
            await self.create()
            return
        identity = self.chance.choice(self.owned)
        change = {"description": f"changed {self.chance.randrange(10**9)}"}
        data = self._request("PATCH", f"/promotion/{identity}", change, MERGE_PATCH)
        status, body = await self.ask(data, 200, "patch")
        if status != 200:
            return
        answer = json.loads(body)
        expected = self.driver.model[identity] | change
        if "lastUpdate" in answer:
            expected["lastUpdate"] = answer["lastUpdate"]
        if answer != expected:
            self.driver.surprise("patch: the answer is not the promotion with the change")
        self.driver.model[identity] = expected

    async def delete(self) -> None:
        """Delete a promotion of this connection's own."""
        if not self.owned:
            await self.create()
            return
        identity = self.owned.pop(self.chance.randrange(len(self.owned)))
        status, _ = await self.ask(self._request("DELETE", f"/promotion/{identity}"), 204, "delete")
        if status == 204:
            del self.driver.model[identity]
            self.lost = [*self.lost[-_REMEMBERED_GONE:], identity]

    async def retrieve(self) -> None:
        """Read a promotion of this connection's own, and compare one in eight."""
        if not self.owned:
            await self.create()
            return
        identity = self.chance.choice(self.owned)
        data = self._request("GET", f"/promotion/{identity}")
        status, body = await self.ask(data, 200, "retrieve")
        compared = status == 200 and self.chance.random() < 0.125
        if compared and json.loads(body) != self.driver.model[identity]:
            self.driver.surprise("retrieve: the answer is not what was written")

    async def some_attributes(self) -> None:
        """Read two attributes of a promotion."""
        if not self.owned:
            await self.create()
            return
        identity = self.chance.choice(self.owned)
        path = f"/promotion/{identity}?fields=name,lifecycleStatus"
        status, body = await self.ask(self._request("GET", path), 200, "some attributes")
        if status == 200 and json.loads(body).get("name") != self.driver.model[identity]["name"]:
            self.driver.surprise("some attributes: another name")

    async def gone(self) -> None:
        """Ask for a promotion that is deleted."""
        if not self.lost:
            await self.delete()
            return
        identity = self.chance.choice(self.lost)
        await self.ask(self._request("GET", f"/promotion/{identity}"), 404, "gone")

    async def list(self) -> None:
        """Read a page."""
        path = f"/promotion?offset={20 * self.chance.randrange(10)}&limit=20"
        await self.ask(self._request("GET", path), range(200, 207), "list")

    async def search(self) -> None:
        """Look for a promotion of this connection's own by its name: it is the only one."""
        if not self.owned:
            await self.create()
            return
        identity = self.chance.choice(self.owned)
        name = quote(self.driver.model[identity]["name"], safe="")
        data = self._request("GET", f"/promotion?name={name}")
        status, body = await self.ask(data, 200, "search")
        if status == 200 and [one["id"] for one in json.loads(body)] != [identity]:
            self.driver.surprise("search: the name does not lead to the promotion alone")

    async def malformed(self) -> None:
        """Send what must be refused."""
        what = self.chance.choice(list(REFUSED))
        self.driver.malformed += 1
        data = REFUSED[what](self.driver.root, self.driver.netloc)
        await self.ask(data, range(400, 500), what)

    async def broken(self) -> None:
        """Send what is no HTTP, on a connection of its own."""
        what = self.chance.choice(list(BROKEN))
        self.driver.malformed += 1
        self.driver.requests += 1
        wire = await self._connected()
        assert wire.transport is not None
        status = 0
        if what == "half a request":
            wire.transport.write(BROKEN[what](self.driver.root, self.driver.netloc))
            await asyncio.sleep(0.01)
        else:
            with contextlib.suppress(Lost):
                status, _ = await wire.ask(BROKEN[what](self.driver.root, self.driver.netloc))
        wire.transport.close()
        self.driver.statuses[status] += 1
        if status and not 400 <= status < 500:
            self.driver.surprise(f"{what}: answered {status}")


def _told(problem: Exception) -> str:
    if isinstance(problem, Lost):
        return "the connection was lost"
    if isinstance(problem, TimeoutError):
        return f"no answer within {_PATIENCE:.0f} s"
    if isinstance(problem, OSError):
        return f"no connection, {problem.strerror}"
    return f"an answer that makes no sense, {problem!r}"


def drive(root: str, connections: int, seed: int, control: Connection) -> None:
    """Obey `control`: "load" begins, "rest" ends and gives the accounts and the model.

    "end" tells that the server is about to stop. Every half second the number of requests is sent.
    """
    asyncio.run(_drive(Driver(root, seed), connections, control))


async def _drive(driver: Driver, connections: int, control: Connection) -> None:
    loop = asyncio.get_running_loop()
    orders: asyncio.Queue[str] = asyncio.Queue()
    loop.add_reader(control.fileno(), lambda: orders.put_nowait(control.recv()))
    load: asyncio.Task[None] | None = None
    while True:
        try:
            async with asyncio.timeout(0.5):
                order = await orders.get()
        except TimeoutError:
            control.send(("requests", driver.requests))
            continue
        if order == "load":
            load = asyncio.create_task(driver.run(connections))
        elif order == "end":
            driver.ending = True
        elif order == "rest" and load is not None:
            driver.running = False
            await load
            control.send(("account", driver.account(), driver.model))
        elif order == "quit":
            return
