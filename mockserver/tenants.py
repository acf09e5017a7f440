"""Several isolated mocks in one server, each below a path prefix of its own."""

import asyncio
import re

from mockserver.errors import ProblemError
from mockserver.tenant import Tenant, sibling

PREFIX = "/t"
"""What precedes the name of a tenant in a path."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)


class Tenants:
    """The mock without a prefix, and those that came into being when they were first asked for."""

    def __init__(self, default: Tenant) -> None:
        self.default = default
        self._named: dict[str, Tenant] = {}
        self._opening = asyncio.Lock()

    @property
    def names(self) -> list[str]:
        """The names of the tenants with a prefix, oldest first."""
        return list(self._named)

    async def of(self, name: str) -> Tenant:
        """Return the tenant of this name; the first call opens it.

        Raises:
            ProblemError: 404, the name is none, or this server has no tenants; 429, there are as
                many as there may be.

        """
        known = self._named.get(name)
        return await self._open(name) if known is None else known

    async def start(self) -> None:
        """Begin to deliver events."""
        await self.default.publisher.start()

    async def stop(self) -> None:
        """End all deliveries, each within its bound."""
        tenants = (self.default, *self._named.values())
        await asyncio.gather(*(tenant.publisher.stop() for tenant in tenants))

    def close_journals(self) -> None:
        """End what follows the journals."""
        for tenant in (self.default, *self._named.values()):
            tenant.journal.close()

    async def _open(self, name: str) -> Tenant:
        bound = self.default.settings.tenants
        if bound == 0:
            raise ProblemError(404, "this mock has no tenants")
        if not _NAME.fullmatch(name):
            raise ProblemError(
                404, "a tenant's name is 1 to 64 letters, digits, dots, hyphens and underscores"
            )
        async with self._opening:
            if name in self._named:
                return self._named[name]
            if len(self._named) >= bound:
                raise ProblemError(
                    429,
                    f"there are {bound} tenants already, as many as there may be (--tenants):"
                    f" {', '.join(self._named)}",
                    code="tooManyTenants",
                )
            tenant = sibling(self.default)
            await tenant.publisher.start()
            self._named[name] = tenant
            return tenant
