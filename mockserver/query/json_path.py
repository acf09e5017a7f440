"""JSON Path: `filter=$[?(@.name=='x')]`, by python-jsonpath.

TMF630 Part 6 v4.0.0: the leading `$` may be dropped, and a path that begins with an attribute, as
in `filter=pattern[?(@.priority==1)]`, looks into each resource. A resource stays if the path
selects it or anything in it. Several `filter` parameters are OR.

The language is that of RFC 9535; on top of it come the operator `=~` (which matches the whole
text), the notation `@.pattern.length()` with the functions min, max, avg, stddev and length, and
`@.@type` for `@['@type']`. As in RFC 9535, texts compare by their characters, also where they are
date-times.

What a path may cost is bounded: its length, the nodes it visits, and, by RE2, its regular
expressions.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jsonpath.exceptions import JSONPathError
from jsonpath.segments import JSONPathChildSegment, JSONPathSegment
from jsonpath.selectors import NameSelector, WildcardSelector

from mockserver.query.errors import QueryError
from mockserver.query.json_path_language import CountedPath, OutOfStepsError, compile_path

MAX_LENGTH = 4096
MAX_FILTERS = 4
_STEPS, _STEPS_PER_RESOURCE = 20_000, 200

Location = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class JsonPath:
    """A parsed JSON Path and its text."""

    text: str
    path: CountedPath

    def locations(self, document: Any, steps: Iterator[int] | None = None) -> list[Location]:
        """Return where the path leads in `document`, as names and indices from its root.

        Raises:
            QueryError: the evaluation visits more nodes than `steps` has left, or nests too deeply.

        """
        steps = iter(range(_STEPS)) if steps is None else steps
        try:
            return [match.parts for match in self.path.matches(document, steps)]
        except (JSONPathError, RecursionError, OutOfStepsError) as problem:
            raise QueryError(self.text, f"cannot be evaluated ({_reason(problem)})") from None

    def split_name(self) -> "tuple[JsonPath, str] | None":
        """Return what precedes a final attribute name, and the name; None without one."""
        if not self.path.segments:
            return None
        *before, last = self.path.segments
        name = _single_name(last)
        return (
            None
            if name is None
            else (JsonPath(self.text, CountedPath(self.path.env, before)), name)
        )


@dataclass(frozen=True, slots=True)
class ResourceFilter:
    """The paths of all `filter` parameters; any one of them suffices."""

    paths: tuple[JsonPath, ...]

    def select(self, resources: Sequence[Any]) -> list[Any]:
        """Return the resources that a path selects, or selects something in, in their own order.

        Raises:
            QueryError: the evaluation is too expensive.

        """
        steps = iter(range(_STEPS + _STEPS_PER_RESOURCE * len(resources)))
        selected: set[str | int] = set()
        for path in self.paths:
            for location in path.locations(resources, steps):
                if not location:
                    return list(resources)
                selected.add(location[0])
        return [resource for index, resource in enumerate(resources) if index in selected]


def parse_filter(texts: Iterable[str]) -> ResourceFilter | None:
    """Parse the decoded values of all `filter` parameters; None without any.

    Raises:
        QueryError: one is no JSON Path, or there are more than `MAX_FILTERS`.

    """
    paths = tuple(_through_resources(parse_json_path(text)) for text in texts)
    if len(paths) > MAX_FILTERS:
        raise QueryError("filter", f"is given more than {MAX_FILTERS} times")
    return ResourceFilter(paths) if paths else None


def parse_json_path(text: str) -> JsonPath:
    """Parse a JSON Path, whose leading `$` may be missing.

    Raises:
        QueryError: it is none, or too long.

    """
    if len(text) > MAX_LENGTH:
        raise QueryError(f"{text[:40]}...", f"is longer than {MAX_LENGTH} characters")
    if not text.strip():
        raise QueryError(text, "is no JSON Path (it is empty)")
    try:
        return JsonPath(text, compile_path(text))
    except (JSONPathError, RecursionError, OverflowError, ValueError) as problem:
        raise QueryError(text, f"is no JSON Path ({_reason(problem)})") from None


def _through_resources(parsed: JsonPath) -> JsonPath:
    """Let a path that begins with an attribute look into each resource of the collection."""
    segments = parsed.path.segments
    if not segments or _single_name(segments[0]) is None:
        return parsed
    token, env = segments[0].token, parsed.path.env
    each = WildcardSelector(env=env, token=token)
    everything = JSONPathChildSegment(env=env, token=token, selectors=(each,))
    return JsonPath(parsed.text, CountedPath(env, (everything, *segments)))


def _single_name(segment: JSONPathSegment) -> str | None:
    if not isinstance(segment, JSONPathChildSegment) or len(segment.selectors) != 1:
        return None
    selector = segment.selectors[0]
    return selector.name if isinstance(selector, NameSelector) else None


def _reason(problem: Exception) -> str:
    if isinstance(problem, RecursionError):
        return "too deeply nested"
    return str(problem.args[0]) if problem.args else type(problem).__name__
