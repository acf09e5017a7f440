"""JSON Merge Patch."""

from typing import Any


def merge_patch(target: Any, patch: Any) -> Any:
    """Return `target` changed by `patch` (RFC 7396 §2); neither argument changes.

    An object merges attribute by attribute, null removes an attribute, and everything else, arrays
    included, replaces what was there.
    """
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged
