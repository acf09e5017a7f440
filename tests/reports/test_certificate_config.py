import datetime as dt

import pytest

from reports.certificate.config import ConfigError, read, write_template


def refusal(path, text):
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as problem:
        read(path)
    return str(problem.value)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "certification.toml"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[compny]", "unknown setting compny; did you mean company?"),
        (
            "[product]\nrelese = '1'",
            "unknown setting product.relese; did you mean product.release?",
        ),
        ("[report]\nx = '1'", "unknown setting report.x; it can have url"),
        ("[product]\nrelease = 3", "Expected `str`, got `int` - at `$.product.release`"),
        ("company = 'ACME'", "Expected `object`, got `str` - at `$.company`"),
    ],
)
def test_a_setting_that_cannot_be_is_named(path, text, told):
    assert refusal(path, text) == f"{path}: {told}"


def test_a_file_that_is_no_toml_is_refused_with_the_place(path):
    assert refusal(path, "date = 17/06/2026").startswith(f"{path} is not TOML: ")


def test_a_file_that_is_not_there_is_refused(path):
    with pytest.raises(ConfigError) as problem:
        read(path)
    assert str(problem.value) == f"cannot read {path}: No such file or directory"


def test_texts_are_listed_by_their_names(path):
    path.write_text('date = 2026-03-02\n[product]\nname = "CRM"\nrelease = "8.2"')
    config = read(path)
    texts = dict(config.texts())
    assert config.date == dt.date(2026, 3, 2)
    assert texts["product.name"] == "CRM"
    assert texts["product.release"] == "8.2"
    assert texts["report.url"] == ""
    assert "date" not in texts


def test_the_template_is_read_and_holds_placeholders_for_what_is_needed(path):
    write_template(path)
    texts = {name: text for name, text in read(path).texts() if "<<" in text}
    assert list(texts) == [
        "company.name",
        "product.name",
        "product.release",
        "product.text",
        "architecture.figure",
        "architecture.caption",
        "architecture.text",
    ]


def test_the_template_overwrites_nothing(path):
    path.write_text("mine")
    with pytest.raises(ConfigError) as problem:
        write_template(path)
    assert str(problem.value) == f"{path} exists already: name another file"
    assert path.read_text() == "mine"


def test_a_folder_that_is_not_there_gets_no_template(tmp_path):
    path = tmp_path / "gone" / "certification.toml"
    with pytest.raises(ConfigError) as problem:
        write_template(path)
    assert str(problem.value) == f"cannot write {path}: No such file or directory"
