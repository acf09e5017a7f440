"""YAML read as the JSON it stands for.

API descriptions are JSON documents that may be written as YAML, so the types are those of JSON:
a date stays a string, ``yes`` stays a string, and every key is a string, status codes included.
"""

import re
from typing import Any

MAX_NODES = 1_000_000


class YamlError(ValueError):
    """A text that is no acceptable YAML; the message is one line and names the line if known."""


def parse(text: str) -> Any:
    """Return the JSON value of one YAML document.

    Aliases are counted as often as they are used, so that a small file cannot unfold into a huge
    value.

    Raises:
        YamlError: the text is not YAML, uses tags of its own, nests too deeply or unfolds into
            more than ``MAX_NODES`` values.

    """
    import yaml  # noqa: PLC0415  -- importing the package stays fast

    loader = _loader_class()(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        if _unfolded_size(node, {}) > MAX_NODES:
            raise YamlError(f"aliases unfold into more than {MAX_NODES} values")
        return _with_string_keys(loader.construct_document(node))
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        where = f"line {mark.line + 1}: " if mark else ""
        raise YamlError(f"{where}{problem.problem or problem.context}") from problem
    except yaml.YAMLError as problem:
        raise YamlError(" ".join(str(problem).split())) from problem
    except RecursionError as problem:
        raise YamlError("nested too deeply") from problem
    finally:
        loader.dispose()


def _loader_class() -> Any:
    """Return a safe loader with the scalar types of JSON (YAML 1.2.2 §10.3, core schema)."""
    import yaml  # noqa: PLC0415  -- importing the package stays fast

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loader: Any = type("JsonTypesLoader", (base,), {"yaml_implicit_resolvers": {}})
    for tag, pattern, first in (
        ("null", r"(?:~|null|Null|NULL|)", "~nN\0"),
        ("bool", r"(?:true|True|TRUE|false|False|FALSE)", "tTfF"),
        ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
        ("float", r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?", None),
        ("merge", r"<<", "<"),
    ):
        starts = list(first) if first else list("-+.0123456789")
        starts = ["" if start == "\0" else start for start in starts]
        loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^{pattern}$"), starts)
    return loader


def _unfolded_size(node: Any, known: dict[int, int | None]) -> int:
    """Count the nodes below and including this one, an alias as often as it is used."""
    key = id(node)
    if key in known:
        size = known[key]
        if size is None:
            raise YamlError("an alias contains itself")
        return size
    known[key] = None
    size = 1
    if isinstance(node.value, list):
        for child in node.value:
            parts = child if isinstance(child, tuple) else (child,)
            size += sum(_unfolded_size(part, known) for part in parts)
    known[key] = size
    return size


def _with_string_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {_key(key): _with_string_keys(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_string_keys(item) for item in value]
    return value


def _key(key: Any) -> str:
    if key is None:
        return "null"
    if isinstance(key, bool):
        return str(key).lower()
    return str(key)
