import csv
import io

import msgspec
import pytest

from reports import table


def rows(results):
    return list(csv.reader(io.StringIO(table.render(results).removeprefix("\ufeff"), newline="")))


def with_message(results, message):
    check = msgspec.structs.replace(results.checks[0], message=message)
    return msgspec.structs.replace(results, checks=(check,))


def test_a_spreadsheet_is_told_that_it_is_utf_8(results):
    assert table.render(results).encode().startswith(b"\xef\xbb\xbfcheck,title,section,")


def test_a_check_is_a_row(results):
    found = rows(results)
    assert len(found) == 1 + len(results.checks)
    assert dict(zip(found[0], found[2], strict=True)) == {
        "check": "TMF671-CREATE-LOCATION",
        "title": "the answer to a creation names the new promotion in Location",
        "section": "create",
        "level": "must",
        "outcome": "failed",
        "requirements": "R-G40-LOCATION R-P08-HREF-LOCATION",
        "message": "The answer has no Location header.",
        "expected": '{"Location": "an absolute or relative reference to the new promotion"}',
        "observed": '{"Location": null}',
        "blocked by": "",
        "hint": "Set Location to the new promotion's href when answering 201.",
        "milliseconds": "11.0",
        "exchanges": "3",
    }


def test_rows_end_as_rfc_4180_says(results):
    assert table.render(results).count("\r\n") == 1 + len(results.checks)


@pytest.mark.parametrize(
    "text",
    [
        "=HYPERLINK(0)",
        "+1",
        "-1",
        "@SUM(1)",
        "\t=1",
        "＝1+1",  # noqa: RUF001
        "＠SUM(1)",  # noqa: RUF001
    ],
)
def test_no_cell_is_a_formula(results, text):
    assert rows(with_message(results, text))[1][6] == f"'{text}"


def test_a_number_below_zero_is_no_formula_either(results):
    check = msgspec.structs.replace(results.checks[0], expected=-1, observed=1)
    found = rows(msgspec.structs.replace(results, checks=(check,)))[1]
    assert found[7:9] == ["'-1", "1"]


def test_a_cell_fits_excel(results):
    cell = rows(with_message(results, "x" * 40_000))[1][6]
    assert cell == "x" * 32_000 + " …"


def test_a_hostile_run_is_a_table_of_the_same_shape(hostile_results):
    found = rows(hostile_results)
    assert {len(row) for row in found} == {13}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in found for cell in row)
