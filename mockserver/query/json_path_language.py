"""The language of JSON Path, as python-jsonpath reads it, with what TMF630 Part 6 adds and bounds.

The library parses and evaluates. Here its regular expressions become those of RE2, its own
extensions of RFC 9535 are switched off, the functions of Part 6 are added, and every node that an
evaluation visits takes one of the steps that it is granted.
"""

import re
import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar, cast

from jsonpath import JSONPath, JSONPathEnvironment, JSONPathMatch
from jsonpath import function_extensions as functions
from jsonpath.exceptions import JSONPathSyntaxError
from jsonpath.filter import (
    UNDEFINED,
    BaseExpression,
    FilterQuery,
    FunctionExtension,
    InfixExpression,
    RegexLiteral,
    StringLiteral,
    walk,
)
from jsonpath.function_extensions import ExpressionType, FilterFunction
from jsonpath.lex import Lexer
from jsonpath.parse import Parser
from jsonpath.segments import JSONPathSegment
from jsonpath.selectors import Filter, SingularQuerySelector
from jsonpath.stream import TokenStream

from mockserver.query.errors import QueryError
from mockserver.query.regular_expressions import MAX_SIZE, Pattern, compile_pattern

_FUNCTION_SIZE = MAX_SIZE // 4
_NOTATIONS = re.compile(
    r"""'(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" | /(?:[^/\\]|\\.)*/
    | (?P<dotted>(?<!\.)\.(?=\[))
    | (?P<query>[@$](?:\.@?\w+|\[[^\[\]'"()]*\])*)\.(?P<function>min|max|avg|stddev|length)\(\)
    """,
    re.VERBOSE | re.DOTALL,
)


class OutOfStepsError(Exception):
    """An evaluation that would take longer than is granted."""


class CountedPath(JSONPath):
    """A path whose evaluation counts its steps, also in the filters within it."""

    def __init__(self, env: JSONPathEnvironment, segments: Iterable[JSONPathSegment]) -> None:
        super().__init__(env=env, segments=segments)

    def matches(self, document: Any, steps: Iterator[int]) -> Iterable[JSONPathMatch]:
        """Yield the selected nodes of a JSON document; each node visited takes one of `steps`.

        Raises:
            OutOfStepsError: no step is left.
            JSONPathError: an operation is not defined for what it meets.
            RecursionError: it nests too deeply.

        """
        return self.finditer(document, filter_context={"steps": steps})

    def finditer(
        self, data: Any, *, filter_context: Mapping[str, Any] | None = None
    ) -> Iterable[JSONPathMatch]:
        """Yield the selected nodes of `data`, which is never text to be parsed."""
        root = _Node(
            filter_context=filter_context, obj=data, parent=None, parts=(), path="", root=data
        )
        matches: Iterable[JSONPathMatch] = [root]
        for segment in self.segments:
            matches = segment.resolve(matches)
        return matches


def compile_path(text: str) -> CountedPath:
    """Compile a JSON Path.

    Raises:
        JSONPathError, RecursionError, OverflowError, ValueError: it is none.
        QueryError: a regular expression in it is malformed, or all of them are too complex.

    """
    compiled = _ENVIRONMENT.compile(_NOTATIONS.sub(_standard, text))
    assert isinstance(compiled, JSONPath)
    if sum(map(_complexity, _expressions(compiled))) > MAX_SIZE:
        raise QueryError(text, "has too complex regular expressions")
    return CountedPath(compiled.env, compiled.segments)


def _expressions(path: JSONPath) -> Iterator[BaseExpression]:
    """Give all parts of the filters in a path."""
    for segment in path.segments:
        for selector in segment.selectors:
            if isinstance(selector, Filter):
                yield from walk(selector.expression)


def _complexity(expression: BaseExpression) -> int:
    """Return the size of a regular expression, or what the pattern of a function may cost."""
    if isinstance(expression, RegexLiteral):
        return cast("Pattern", expression.value).programsize
    is_match = isinstance(expression, FunctionExtension) and expression.name in {"match", "search"}
    return _FUNCTION_SIZE if is_match else 0


def _standard(found: re.Match[str]) -> str:
    """Return the RFC 9535 form of a notation of Goessner's JSON Path."""
    if found["function"]:
        return f"{found['function']}({found['query']})"
    return "" if found["dotted"] else found[0]


class _Node(JSONPathMatch):
    """A visited node. It knows where it is, takes one of the steps, and forgets its children."""

    def __init__(self, **attributes: Any) -> None:
        if next(attributes["filter_context"]["steps"], None) is None:
            raise OutOfStepsError("it visits too many nodes")
        super().__init__(**attributes)

    def add_child(self, *children: JSONPathMatch) -> None:
        """Keep nothing, so that what was visited can be freed."""

    def new_child(self, obj: object, key: int | str) -> JSONPathMatch:
        """Return the node below `key`, without the library's textual path."""
        return _Node(
            filter_context=self.filter_context(),
            obj=obj,
            parent=self,
            parts=(*self.parts, key),
            path="",
            root=self.root,
        )


class _Parser(Parser):
    """The library's parser, with RE2 and counted subqueries."""

    def parse_regex(self, stream: TokenStream) -> BaseExpression:
        pattern, flags = stream.next().value, stream.next().value
        return _regex_literal(pattern, flags)

    def parse_infix_expression(self, stream: TokenStream, left: BaseExpression) -> BaseExpression:
        expression = super().parse_infix_expression(stream, left)
        if isinstance(expression, InfixExpression) and expression.operator == "=~":
            if isinstance(expression.right, StringLiteral):
                expression.right = _regex_literal(expression.right.value)
            elif not isinstance(expression.right, RegexLiteral):
                raise QueryError(str(expression), "needs /pattern/ or a text to the right of =~")
        return expression

    def parse_singular_query_selector(self, stream: TokenStream) -> SingularQuerySelector:
        raise JSONPathSyntaxError("expected a name, an index or a filter", token=stream.current())

    def parse_absolute_query(self, stream: TokenStream) -> BaseExpression:
        return _counted(super().parse_absolute_query(stream))

    def parse_relative_query(self, stream: TokenStream) -> BaseExpression:
        return _counted(super().parse_relative_query(stream))


def _regex_literal(pattern: str, flags: str = "") -> RegexLiteral:
    """Return a literal with a pattern of RE2, which has what the library uses of a `re.Pattern`."""
    return RegexLiteral(value=cast("re.Pattern[str]", compile_pattern(pattern, flags)))


def _counted(query: BaseExpression) -> BaseExpression:
    assert isinstance(query, FilterQuery)
    query.path = CountedPath(query.path.env, query.path.segments)
    return query


class _Lexer(Lexer):
    key_pattern = r"@?" + Lexer.key_pattern


class _Match(functions.Match):
    def check_cache(self, pattern: str) -> Any:
        return _compiled_or_none(pattern)


class _Search(functions.Search):
    def check_cache(self, pattern: str) -> Any:
        return _compiled_or_none(pattern)


def _compiled_or_none(pattern: str) -> Pattern | None:
    """Compile the pattern of match() and search(), which RFC 9535 §2.4.6 wants false if bad."""
    try:
        return compile_pattern(pattern)
    except QueryError:
        return None


class _Statistic(FilterFunction):
    """A function over the numbers that a query selects, arrays of numbers included."""

    arg_types: ClassVar[list[ExpressionType]] = [ExpressionType.NODES]
    return_type = ExpressionType.VALUE

    def __init__(self, compute: Callable[[list[float]], float]) -> None:
        self._compute = compute

    def __call__(self, nodes: Iterable[JSONPathMatch]) -> object:
        values: list[Any] = []
        for node in nodes:
            values.extend(node.obj if isinstance(node.obj, list) else [node.obj])
        numbers = [
            value
            for value in values
            if isinstance(value, int | float) and not isinstance(value, bool)
        ]
        try:
            return self._compute(numbers) if numbers else UNDEFINED
        except OverflowError:
            return UNDEFINED


class _Environment(JSONPathEnvironment):
    lexer_class = _Lexer
    parser_class = _Parser
    max_recursion_depth = 200
    # What the library adds to RFC 9535 and TMF630 does not have is switched off.
    pseudo_root_token = filter_context_token = key_token = union_token = intersection_token = ""

    def setup_function_extensions(self) -> None:
        self.function_extensions = {
            "length": functions.Length(),
            "count": functions.Count(),
            "value": functions.Value(),
            "match": _Match(),
            "search": _Search(),
            "min": _Statistic(min),
            "max": _Statistic(max),
            "avg": _Statistic(statistics.mean),
            "stddev": _Statistic(statistics.pstdev),
        }


_ENVIRONMENT = _Environment()
