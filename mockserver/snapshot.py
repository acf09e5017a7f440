"""The catalogue as one JSON array, to keep it and to bring it back."""

import os
import secrets
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import specs
from mockserver import ids
from mockserver.behaviour import Behaviour
from mockserver.errors import ProblemError
from mockserver.json_text import write_json
from mockserver.record import Record, record_of
from mockserver.store import PromotionStore


def read_snapshot(
    promotions: Iterable[Mapping[str, Any]], description: specs.ApiDescription
) -> list[Record]:
    """Return the records of promotions; href is dropped, what is absent of id and time is made.

    Raises:
        ProblemError: 400, a promotion is not valid, or two share an id; it tells which.

    """
    records: dict[str, Record] = {}
    for number, given in enumerate(promotions, start=1):
        try:
            record = _record(given, description)
        except ProblemError as problem:
            raise ProblemError(
                400, f"promotion {number}: {problem.message}", "invalidBody"
            ) from None
        if record.id in records:
            twice = f"promotion {number}: the id {record.id!a} occurs twice"
            raise ProblemError(400, twice, "invalidBody")
        records[record.id] = record
    return list(records.values())


def _record(given: Mapping[str, Any], description: specs.ApiDescription) -> Record:
    conforms = Behaviour()
    promotion = {"id": ids.new_uuid(), **given}
    promotion.pop("href", None)
    promotion.setdefault("lastUpdate", conforms.touch(None))
    ids.check_client_id(promotion["id"])
    conforms.validate(promotion, description.validator("Promotion_Create"))
    return record_of(promotion, seeded=True)


def write_snapshot(store: PromotionStore, path: Path) -> None:
    """Write the catalogue to a file, which has either its old content or all of the new one.

    A file that was there keeps its mode.

    Raises:
        OSError: the file cannot be written.

    """
    lines = b",\n".join(write_json(record.promotion) for record in store)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        with beside.open("xb") as file:
            if path.exists():
                beside.chmod(stat.S_IMODE(path.stat().st_mode))
            file.write(b"[\n" + lines + b"\n]\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
