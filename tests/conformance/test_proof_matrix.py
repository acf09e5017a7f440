from conformance.prove import Run, Subject, caught_by, matrix_of
from reports.matrix import render

CHECKS = {"A": "must", "B": "should", "C": "may"}


def run(kind, name, verdict="conformant", level=None, **outcomes):
    subject = Subject(kind=kind, name=name, api_version="4.1.0", level=level)
    return Run(subject=subject, verdict=verdict, seconds=1.0, outcomes=outcomes)


CLEAN = run("clean", "clean", C="warned")


def test_a_suite_is_proved_when_all_is_caught_and_nobody_accused():
    matrix = matrix_of(
        [
            CLEAN,
            run("defect", "one", "not-conformant", "must", A="failed"),
            run("defect", "two", "conformant", "should", B="warned"),
            run("variant", "v", C="warned", B="not-applicable"),
        ],
        {"A": "must", "B": "should"},
    )
    assert matrix.holds
    assert (matrix.caught["one"].checks, matrix.caught["one"].level) == (("A",), "must")


def test_what_is_missing_is_named():
    matrix = matrix_of(
        [
            CLEAN,
            run("defect", "missed", "conformant", "must"),
            run("defect", "only as in the clean one", "conformant", "may", C="warned"),
            run("defect", "lenient", "conformant", "must", A="warned"),
            run("variant", "accused", "not-conformant", B="failed"),
            run("variant", "in error", "inconclusive", B="error"),
        ],
        CHECKS,
    )
    assert matrix.undetected == ("missed", "only as in the clean one")
    assert matrix.lenient == ("missed", "lenient")
    assert matrix.unproven == ("B", "C")
    assert matrix.accused == ("accused", "in error")
    assert not matrix.holds


def test_what_the_clean_mock_shows_too_is_not_caught():
    defect = run("defect", "d", A="failed", C="warned", B="blocked")
    assert caught_by(defect, {"4.1.0": CLEAN}) == ["A"]


def test_the_page_shows_each_run_and_escapes_it():
    import msgspec

    hostile = run("defect", "<script>x</script>", "not-conformant", "must", A="failed")
    page = render(msgspec.to_builtins(matrix_of([CLEAN, hostile], CHECKS)))
    assert "<script>" not in page
    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert 'title="A: failed"' in page
