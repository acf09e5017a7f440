"""The conformance suite for TMF671 Promotion Management.

from conformance import run

results = run("https://crm.example.com/tmf-api/promotionManagement/v4")
assert results.verdict == "conformant", results.verdict_reason
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.judging import SuiteError, run
    from conformance.settings import Settings, UsageError

__all__ = ["Settings", "SuiteError", "UsageError", "run"]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for: pytest loads this package in every run."""
    if name in {"run", "SuiteError"}:
        return getattr(importlib.import_module("conformance.judging"), name)
    if name in {"Settings", "UsageError"}:
        return getattr(importlib.import_module("conformance.settings"), name)
    raise AttributeError(f"module 'conformance' has no attribute {name!r}")
