"""Several clients at once, and one client that reads what it wrote."""

from __future__ import annotations

import time
from functools import partial

from conformance.catalogue import check
from conformance.conditions import exactly, ids, json_list, json_object, status, that
from conformance.levels import MAY, MUST, SHOULD
from conformance.listing import find
from conformance.outcomes import NotApplicable
from conformance.parallel import together
from conformance.samples import Group, Sample, sample_of
from conformance.target import Target

CLIENTS = 6


@check(
    "TMF671-CONCURRENT-CREATE",
    level=MUST,
    requirements=["R-G40-LISTED", "R-P09-SERVER-ID"],
    needs=["create"],
)
def parallel_creates(target: Target) -> None:
    """Promotions that are created at the same time all exist afterwards, under ids of their own.

    Any ids and any order pass. A create that is refused (429, 503) is not counted.
    """
    promotions = [target.promotion(f"parallel {number}") for number in range(CLIENTS)]
    answers = together([partial(target.create, promotion) for promotion in promotions])
    made = [
        sample_of(answer, promotion)
        for answer, promotion in zip(answers, promotions, strict=True)
        if answer.succeeded
    ]
    for sample in made:
        body = json_object(status(target.retrieve(sample.id), 200))
        that(
            body.get("name") == sample.name,
            "one promotion stands in the place of another",
            expected=sample.name,
            observed=body.get("name"),
        )
        that(
            find(target, sample.id) is not None,
            "a promotion created beside others is not in the list",
            expected=sample.id,
            observed="not in the list",
        )


@check(
    "TMF671-CONCURRENT-PATCH",
    level=SHOULD,
    requirements=["R-W02-CONCURRENT-WRITES", "R-G47-UNTOUCHED"],
    needs=["patch"],
)
def parallel_changes(target: Target, fresh: Sample) -> None:
    """Changes of different attributes at the same time lose none that was answered 2xx.

    409, 412, 423, 429 and 503 for some of them pass: then the client knows that it has to repeat.
    """
    changes = {target.changeable: "by one client", "lifecycleStatus": target.another_status}
    answers = together(
        [
            partial(target.patch, fresh.id, {"name": fresh.name, name: value})
            for name, value in changes.items()
        ]
    )
    accepted = {
        name: value
        for (name, value), answer in zip(changes.items(), answers, strict=True)
        if answer.succeeded
    }
    now = json_object(status(target.retrieve(fresh.id), 200))
    that(
        all(now.get(name) == value for name, value in accepted.items()),
        "a change was answered as done and is lost",
        expected=accepted,
        observed={name: now.get(name) for name in changes},
    )


@check(
    "TMF671-CONCURRENT-READ",
    level=SHOULD,
    requirements=["R-G47-MERGE"],
    needs=["patch"],
)
def reads_what_was_written(target: Target, fresh: Sample) -> None:
    """What was written is read at once, and still a second later.

    Five reads at the same time, then one after a second: a cache must not show the old value.
    """
    target.retrieve(fresh.id)
    answer = target.patch(fresh.id, {"name": fresh.name, target.changeable: "written"})
    if not answer.succeeded:
        raise NotApplicable("the change was not accepted")
    readings = together([partial(target.retrieve, fresh.id)] * 5)
    time.sleep(1)
    readings.append(target.retrieve(fresh.id))
    seen = [json_object(reading).get(target.changeable) for reading in readings]
    that(
        set(seen) == {"written"},
        "a read after the write shows an older value",
        expected="written, in each of six reads",
        observed=seen,
    )


@check(
    "TMF671-CONCURRENT-PAGES",
    level=SHOULD,
    requirements=["R-G50-OFFSET"],
    needs=["create"],
)
def pages_stay_while_others_write(target: Target, series: Group) -> None:
    """Paging through matches is not disturbed by promotions that do not match.

    Others are created between the pages; each of the five matches must be shown exactly once.
    """
    walked: list[str] = []
    for _ in range(len(series.ids) + 1):
        query = (("name", series[0].name), ("offset", str(len(walked))), ("limit", "2"))
        found = ids(json_list(status(target.list(query), 200, 206)))
        if not found:
            break
        walked += found
        target.create(target.promotion("between pages"))
    exactly("the pages together", series.ids, walked)


@check("TMF671-CONCURRENT-LIMIT", level=MAY, requirements=["R-G10-RATE-LIMIT"], writes=False)
def a_limit_is_told(target: Target, known: Sample) -> None:
    """A target that limits the rate of requests says when to come back.

    Forty reads of one promotion; a target that answers them all is not judged. Retry-After and
    the X-Rate-Limit headers both pass.
    """
    for _ in range(40):
        answer = target.retrieve(known.id, patient=False)
        if answer.status == 429:
            told = any(
                name == "retry-after" or name.startswith(("x-rate", "ratelimit"))
                for name in answer.headers
            )
            that(
                told,
                "429 does not say when to come back",
                expected="Retry-After or X-Rate-Limit headers",
                observed=sorted(answer.headers),
            )
            return
    raise NotApplicable("the target answered forty reads without a limit")
