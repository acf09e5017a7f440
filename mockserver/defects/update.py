"""Defects of PATCH /promotion/{id}."""

from dataclasses import replace
from typing import Any

from mockserver import validation
from mockserver.alterations import (
    answering,
    body,
    header,
    refusing,
    replacing,
    status,
)
from mockserver.behaviour import Behaviour
from mockserver.clock import later_than
from mockserver.defects.defect import may, must, should
from mockserver.errors import ProblemError
from mockserver.exchange import Answer, Call
from mockserver.media_types import JSON, MERGE_PATCH
from mockserver.patch.merge_patch import merge_patch
from mockserver.store import Promotion, PromotionStore, Record

_PATCH = "patchPromotion"
_KEPT = ("id", "href", "name", "lastUpdate", "@type", "@baseType", "@schemaLocation")


def _replace_whole(target: Any, patch: Any) -> Any:
    return merge_patch({name: target[name] for name in _KEPT if name in target}, patch)


def _merge_arrays(target: Any, patch: Any) -> Any:
    if isinstance(target, list) and isinstance(patch, list):
        return [*target, *patch]
    if not isinstance(target, dict) or not isinstance(patch, dict):
        return patch
    merged = dict(target)
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = _merge_arrays(merged.get(name), value)
    return merged


def _ignore_null(target: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is not None:
            merged[name] = _ignore_null(merged.get(name), value)
    return merged


def _replace_objects(target: Any, patch: Any) -> Any:
    merged = {**target, **patch}
    return {name: value for name, value in merged.items() if value is not None}


def _name_demanded(target: Any, patch: Any) -> Any:
    if "name" not in patch:
        raise validation.invalid(["name is missing"])
    return merge_patch(target, patch)


def _id_free(behaviour: Behaviour) -> Behaviour:
    ids: dict[str, Any] = {}

    def protect(before: Promotion, after: Promotion, protected: frozenset[str]) -> None:
        behaviour.protect(before, after, protected - {"id"})
        if after.get("id") != before["id"]:
            ids[before["id"]] = after.get("id")

    def write(store: PromotionStore, replaced: Record | None, promotion: Promotion) -> Record:
        kept = promotion if replaced is None else {**promotion, "id": replaced.id}
        return behaviour.write(store, replaced, kept)

    def represent(promotion: Promotion, root: str) -> Promotion:
        shown = behaviour.represent(promotion, root)
        return {**shown, "id": ids.get(shown["id"], shown["id"])}

    return replace(behaviour, protect=protect, write=write, represent=represent)


def _pattern_fault(target: Any, patch: Any) -> Any:
    if "pattern" in patch:
        raise ProblemError(500, "pattern cannot be saved")
    return merge_patch(target, patch)


def _status_ignored(target: Any, patch: Any) -> Any:
    return merge_patch(
        target, {name: value for name, value in patch.items() if name != "lifecycleStatus"}
    )


def _href_free(behaviour: Behaviour) -> Behaviour:
    hrefs: dict[str, Any] = {}

    def protect(before: Promotion, after: Promotion, protected: frozenset[str]) -> None:
        behaviour.protect(before, after, protected - {"href"})
        if after.get("href") != before["href"]:
            hrefs[after["id"]] = after.get("href")

    def represent(promotion: Promotion, root: str) -> Promotion:
        shown = behaviour.represent(promotion, root)
        return {**shown, "href": hrefs.get(shown["id"], shown["href"])}

    return replace(behaviour, protect=protect, represent=represent)


def _no_content(_call: Call, _answer: Answer) -> Answer:
    return Answer(204)


UPDATE = (
    must(
        "R-G47-UNTOUCHED",
        "patch-replaces-whole",
        "PATCH drops the attributes that it does not name",
        replacing(merge=_replace_whole),
    ),
    must(
        "R-G47-UNTOUCHED",
        "patch-replaces-objects",
        "PATCH of one end of validFor drops the other end",
        replacing(merge=_replace_objects),
    ),
    must(
        "R-G47-MERGE",
        "patch-changes-nothing",
        "PATCH answers 200 and changes nothing",
        replacing(merge=lambda target, _patch: dict(target)),
    ),
    must(
        "R-G47-ARRAY-REPLACED",
        "patch-merges-arrays",
        "PATCH appends to arrays",
        replacing(merge=_merge_arrays),
    ),
    must(
        "R-G47-NULL-REMOVES",
        "patch-null-ignored",
        "a null in a PATCH has no effect",
        replacing(merge=_ignore_null),
    ),
    must(
        "R-G47-APPLICATION-JSON",
        "patch-refuses-application-json",
        "PATCH takes merge-patch+json only",
        replacing(patch_types=(MERGE_PATCH,)),
    ),
    must(
        "R-G47-MERGE",
        "patch-refuses-merge-patch",
        "PATCH takes application/json only",
        replacing(patch_types=(JSON,)),
    ),
    must(
        "R-P05-MERGE-PATCH-200",
        "patch-answers-202",
        "PATCH answers 202",
        answering(_PATCH, rewrite=status(202)),
    ),
    must(
        "R-P05-MERGE-PATCH-200 R-G70-PATCH-BODY",
        "patch-answers-204",
        "PATCH answers 204 without a body",
        answering(_PATCH, rewrite=_no_content),
    ),
    must(
        "R-G70-PATCH-BODY",
        "patch-answers-only-id",
        "PATCH answers nothing but id and href",
        answering(_PATCH, rewrite=body(lambda given: {"id": given["id"], "href": given["href"]})),
    ),
    must(
        "R-G71-ID-IMMUTABLE",
        "id-patchable",
        "PATCH changes the id",
        _id_free,
    ),
    must(
        "R-G71-HREF-IMMUTABLE",
        "href-patchable",
        "PATCH changes the href",
        _href_free,
    ),
    should(
        "R-X02-PATCH-WITHOUT-NAME",
        "patch-demands-name",
        "a PATCH that does not repeat name is refused",
        replacing(merge=_name_demanded),
    ),
    should(
        "R-G72-415-ACCEPT-PATCH",
        "no-accept-patch",
        "415 on PATCH comes without Accept-Patch",
        refusing(header("Accept-Patch", None), 415),
    ),
    should(
        "R-G05-415 R-G72-415-ACCEPT-PATCH",
        "media-type-400",
        "an unsupported media type answers 400",
        refusing(status(400), 415),
    ),
    may(
        "R-G09-IF-MATCH",
        "if-match-ignored",
        "If-Match has no effect",
        replacing(precondition=lambda _condition, _etag: None),
    ),
    may(
        "R-X05-PATTERN-PATCH",
        "pattern-patch-500",
        "PATCH of pattern answers 500",
        replacing(merge=_pattern_fault),
    ),
    should(
        "R-G47-MERGE",
        "status-change-ignored",
        "PATCH of lifecycleStatus answers 200 and has no effect",
        replacing(merge=_status_ignored),
    ),
    should(
        "R-M05-LASTUPDATE-ADVANCES",
        "last-update-stands-still",
        "a change leaves lastUpdate as it was",
        replacing(touch=lambda previous: previous or later_than(None)),
    ),
)
