"""`tmf671 prove`: the suite against every defect and every variant of the mock."""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import click

from conformance.cli.errors import Failure
from conformance.prove import CAUGHT, Matrix, Run, Subject, matrix_of, run_of

EXAMPLES = """\b
Examples:
  tmf671 prove
  tmf671 prove --only filter-ignored --only late-events
  tmf671 prove --out docs/proof

\b
Exit codes: 0 every defect is caught, every check can fail, no variant is
accused; 1 one of these does not hold; 2 usage error.
"""
_EXAMPLES_A_RUN = 3
_THOROUGH = {"clean 4.1.0": 25, "invalid-500": 25}
"""Subjects for which schemathesis' engine runs too, which needs 25 examples: it must pass the one
and catch the other."""
_EVENT_TIMEOUT = 1.5
_SEED = 671
_VOUCHER = {
    "name": "voucher",
    "promotionType": "Award",
    "validFor": {"endDateTime": "2027-06-30T23:59:59+08:00"},
    "pattern": [
        {
            "action": [{"actionType": "voucher", "actionValue": "50"}],
            "criteriaGroup": [
                {
                    "criteria": [
                        {
                            "criteriaParameter": "age",
                            "criteriaOperator": "<=",
                            "criteriaValue": "26",
                        }
                    ]
                }
            ],
        }
    ],
}
"""A further payload, for the check of [[target.payloads]]."""


@click.command(epilog=EXAMPLES)
@click.option(
    "--jobs",
    type=click.IntRange(min=1, max=64),
    default=4,
    show_default=True,
    help="Runs at the same time.",
)
@click.option("--only", multiple=True, metavar="NAME", help="Only this defect or variant.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder for matrix.json and matrix.html."
)
@click.option("--json", "as_json", is_flag=True, help="Print the matrix as JSON on stdout.")
def prove(jobs: int, only: tuple[str, ...], out: Path | None, as_json: bool) -> None:
    """Run the suite against the clean mock, every defect and every variant.

    Prints what catches each defect, and the lists that have to be empty.
    """
    import msgspec  # noqa: PLC0415

    from conformance.catalogue import catalogue  # noqa: PLC0415

    subjects = _subjects(only)
    runs = []
    for number, run in enumerate(_judged(subjects, jobs), start=1):
        runs.append(run)
        click.echo(f"\r{number}/{len(subjects)} {run.subject.name:<40}", nl=False, err=True)
    click.echo(f"\r{'':<60}\r", nl=False, err=True)
    levels = {info.id: info.level for info in catalogue().values()}
    matrix = matrix_of(runs, levels, whole=not only)
    if as_json:
        click.echo(msgspec.json.encode(matrix).decode())
    else:
        _print(matrix)
    if out is not None:
        _write(matrix, out)
    sys.exit(0 if matrix.holds else 1)


def _subjects(only: tuple[str, ...]) -> list[Subject]:
    """Return the clean mock of both versions, then the defects and variants asked for."""
    import specs  # noqa: PLC0415
    from mockserver.defects import DEFECTS  # noqa: PLC0415
    from mockserver.variants import VARIANTS  # noqa: PLC0415

    if strangers := set(only) - DEFECTS.keys() - VARIANTS.keys():
        raise Failure(f"no defect or variant is called {', '.join(sorted(strangers))}")
    rules = specs.requirements()
    subjects = [
        Subject(kind="clean", name=f"clean {version}", api_version=version)
        for version in ("4.1.0", "4.0.0")
    ]
    for defect in DEFECTS.values():
        newest = max(max(rules[name].versions) for name in defect.requirements)
        subjects.append(
            Subject(
                kind="defect",
                name=defect.name,
                api_version=newest,
                level=defect.level,
                requirements=tuple(defect.requirements),
                text=defect.text,
            )
        )
    subjects += [
        Subject(kind="variant", name=variant.name, api_version="4.1.0", text=variant.text)
        for variant in VARIANTS.values()
    ]
    return [
        subject
        for subject in subjects
        if not only or subject.kind == "clean" or subject.name in only
    ]


def _judged(subjects: list[Subject], jobs: int) -> Iterator[Run]:
    """Yield the runs in the order of the subjects."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=jobs, mp_context=context) as pool:
        yield from pool.map(_judge, subjects)


def _judge(subject: Subject) -> Run:
    from conformance.judging import run  # noqa: PLC0415
    from mockserver.embedded import running_mock  # noqa: PLC0415
    from mockserver.settings import BASE_PATH, Settings  # noqa: PLC0415

    mock = Settings(
        api_version=subject.api_version,
        seed=_SEED,
        defects=(subject.name,) if subject.kind == "defect" else (),
        variants=(subject.name,) if subject.kind == "variant" else (),
    )
    started = time.perf_counter()
    with running_mock(mock) as url:
        results = run(
            url,
            api_version=subject.api_version,
            level="may",
            fuzz=_THOROUGH.get(subject.name, _EXAMPLES_A_RUN),
            event_timeout=_EVENT_TIMEOUT,
            seed=_SEED,
            payloads=(_VOUCHER,),
            target_spec=f"{url.removesuffix(BASE_PATH)}/openapi.json",
        )
    return run_of(subject, results, time.perf_counter() - started)


def _print(matrix: Matrix) -> None:
    for run in matrix.runs:
        subject = run.subject
        if subject.kind == "defect":
            catch = matrix.caught[subject.name]
            found = " ".join(check.removeprefix("TMF671-") for check in catch.checks)
            by = f"{subject.level}, by {catch.level}"
            click.echo(f"{subject.name:<34} {by:<18} {run.verdict:<15} {found}")
        else:
            warned = [check.removeprefix("TMF671-") for check in run.with_outcome(CAUGHT)]
            click.echo(
                f"{subject.name:<34} {subject.kind:<18} {run.verdict:<15} {' '.join(warned)}"
            )
    defects = sum(run.subject.kind == "defect" for run in matrix.runs)
    variants = sum(run.subject.kind == "variant" for run in matrix.runs)
    click.echo(f"\n{defects} defects, {variants} variants")
    for words, names in (
        ("defects that no check catches", matrix.undetected),
        ("defects of a MUST that do not end not-conformant", matrix.lenient),
        ("checks that no defect makes fail", matrix.unproven),
        ("variants that are accused", matrix.accused),
    ):
        click.echo(f"{words}: {', '.join(names) or 'none'}")


def _write(matrix: Matrix, out: Path) -> None:
    import msgspec  # noqa: PLC0415

    from reports.matrix import render  # noqa: PLC0415

    built = msgspec.to_builtins(matrix)
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "matrix.json").write_bytes(msgspec.json.format(msgspec.json.encode(matrix)) + b"\n")
        (out / "matrix.html").write_text(render(built), encoding="utf-8")
    except OSError as problem:
        raise Failure(f"cannot write to {out}: {problem.strerror}") from None
    click.echo(f"matrix: {out / 'matrix.html'}")
