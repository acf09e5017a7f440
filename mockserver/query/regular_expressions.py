"""Regular expressions that a client may send.

RE2 reads a text in time linear in its length, whatever the pattern; the factor is the size of the
program that the pattern becomes, so that is bounded too.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Protocol

import re2

from mockserver.query.errors import QueryError

MAX_LENGTH = 1000
MAX_SIZE = 5000
"""The largest program, RE2 instructions; `\\pL+` has 1200, most patterns have fewer than 100."""

_MEMORY = 1 << 20


class Pattern(Protocol):
    """A compiled regular expression; a match is truthy."""

    @property
    def programsize(self) -> int:
        """How many instructions it has."""

    @property
    def search(self) -> Callable[[str], object]:
        """Find a match anywhere in a text."""

    @property
    def fullmatch(self) -> Callable[[str], object]:
        """Match the whole of a text."""


@lru_cache(maxsize=256)
def compile_pattern(pattern: str, flags: str = "") -> Pattern:
    """Compile a regular expression in RE2 syntax.

    Args:
        pattern: the expression.
        flags: any of `i` (letter case), `m` (^ and $ at each line), `s` (a dot is any one).

    Raises:
        QueryError: it is malformed, longer than `MAX_LENGTH` or larger than `MAX_SIZE`.

    """
    if len(pattern) > MAX_LENGTH:
        raise QueryError(pattern, f"is longer than {MAX_LENGTH} characters")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    prefix = f"(?{''.join(sorted(set(flags) & set('ims')))})" if flags.strip("a") else ""
    try:
        compiled: Pattern = re2.compile(prefix + pattern, options)
    except re2.error as problem:
        raise QueryError(pattern, f"is no regular expression ({_reason(problem)})") from None
    if compiled.programsize > MAX_SIZE:
        raise QueryError(pattern, "is too complex a regular expression")
    return compiled


def _reason(problem: Exception) -> str:
    reason = problem.args[0] if problem.args else ""
    return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
