"""The data files that are part of this package."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


def packaged_text(name: str) -> str:
    """Return the text of a packaged file, named by its path below the package.

    Raises:
        FileNotFoundError: the package has no such file.

    """
    return files("specs").joinpath(*name.split("/")).read_text(encoding="utf-8")


@cache
def results_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) that every ``results.json`` is valid by."""
    schema: dict[str, Any] = json.loads(packaged_text("results.schema.json"))
    return schema
