"""The options of the command that concern writing and browsers."""

import pytest
from click.testing import CliRunner

from mockserver import cli
from mockserver.tenant import DataError


@pytest.fixture
def settings_of(monkeypatch):
    """Return the settings that the command would start with."""
    started = []

    def refuse(settings):
        started.append(settings)
        raise DataError("seen enough")

    monkeypatch.setattr(cli, "make_app", refuse)

    def run(*arguments):
        result = CliRunner().invoke(cli.mock, arguments)
        assert result.exit_code == 2, result.output
        return started[-1] if started else result.output

    return run


def test_without_options_everything_is_allowed(settings_of):
    settings = settings_of()
    assert (settings.lifecycle, settings.require_if_match, settings.cors) == ("free", False, ())


def test_the_options_reach_the_settings(settings_of):
    settings = settings_of(
        "--lifecycle",
        "suggested",
        "--require-if-match",
        "--cors",
        "https://crm.example/",
        "--cors",
        "http://localhost:3000",
    )
    assert settings.lifecycle == "suggested"
    assert settings.require_if_match is True
    assert settings.cors == ("https://crm.example", "http://localhost:3000")


def test_an_unknown_lifecycle_is_refused(settings_of):
    assert "'free', 'suggested'" in settings_of("--lifecycle", "strict")
