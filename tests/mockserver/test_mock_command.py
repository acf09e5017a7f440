"""The command line of the mock, as a process."""

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time

import pytest
import requests

COMMAND = [sys.executable, "-m", "mockserver"]


def run(*arguments, **environment):
    return subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=20,
        env={**os.environ, **environment},
        check=False,
    )


class Running:
    """A mock as a process, with the line that it says when it is ready."""

    def __init__(self, *arguments, **environment):
        self.process = subprocess.Popen(
            [*COMMAND, "--port", "0", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        self.said = self.process.stderr.readline()
        self.root = re.search(r"http://\S+", self.said)[0]

    def stop(self, number):
        self.process.send_signal(number)
        output, errors = self.process.communicate(timeout=10)
        return self.process.returncode, output, errors


def test_it_says_where_it_is_answers_and_stops_on_ctrl_c():
    mock = Running("--seed", "3")
    assert mock.said == f"TMF671 v4.1.0 mock at {mock.root} (Ctrl-C stops it)\n"
    assert len(requests.get(f"{mock.root}/promotion", timeout=5).json()) == 3
    assert mock.stop(signal.SIGINT) == (0, "", "")


def test_the_environment_gives_options_and_flags_go_before_it():
    mock = Running(
        "--count",
        "2",
        TMF671_MOCK_SEED="9",
        TMF671_MOCK_COUNT="5",
        TMF671_MOCK_API_VERSION="4.0.0",
        TMF671_MOCK_VARIANTS="partial-206 own-id-scheme",
    )
    assert mock.said.startswith("TMF671 v4.0.0 mock at ")
    answer = requests.get(f"{mock.root}/promotion?limit=1", timeout=5)
    assert answer.status_code == 206
    assert answer.headers["X-Total-Count"] == "2"
    assert mock.stop(signal.SIGTERM) == (0, "", "")


def test_a_port_in_use_is_one_line_with_the_way_out():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = run("--port", port)
    assert ended.returncode == 2
    assert ended.stderr == (
        f"Error: port {port} of 127.0.0.1 is in use; choose another with --port, or --port 0 for a"
        " free one\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--defect", "filter-ignord"],
            "Error: no defect is called 'filter-ignord'; did you mean filter-ignored",
        ),
        (["--variant", "zzz"], "Error: no variant is called 'zzz'; see --list-defects"),
        (["--data", "{tmp}/absent.json"], "Error: {tmp}/absent.json: No such file or directory"),
        (["--data", "{tmp}/text.json"], "Error: {tmp}/text.json: malformed JSON: Expecting value"),
        (["--data", "{tmp}/object.json"], "Error: {tmp}/object.json: not a JSON array"),
        (["--data", "{tmp}/nameless.json"], "Error: {tmp}/nameless.json: promotion 1: name is"),
        (["--host", "no.such.host.invalid"], "Error: cannot listen on no.such.host.invalid:8671"),
        (["--save"], "Error: --save needs --data, the file to write"),
        (["--save", "--data", "{tmp}/a/b.json"], "Error: {tmp}/a/b.json: there is no folder {tmp}"),
        (["--save", "--data", "{tmp}/text.json"], "Error: {tmp}/text.json: malformed JSON:"),
        (["--oauth-client", "crm:"], "Error: --oauth-client must be ID:SECRET"),
        (["--tls-key", "{tmp}/text.json"], "Error: --tls-key needs --tls-cert"),
        (["--tls-client-ca", "{tmp}/text.json"], "Error: --tls-client-ca needs --tls-cert"),
        (["--tls-cert", "{tmp}/absent.pem"], "Error: cannot speak TLS with {tmp}/absent.pem: No "),
        (["--tls-cert", "{tmp}/text.json"], "Error: cannot speak TLS with {tmp}/text.json: "),
        (["--base-path", "/_mock/v4"], "Error: --base-path /_mock/v4 is taken by the mock itself"),
        (["--base-path", "/{x}"], "Error: --base-path /{x} is taken by the mock itself"),
        (["--base-path", "../x"], "Error: --base-path '../x' is no path, such as /tmf-api/"),
        (["--base-path", "/a//b"], "Error: --base-path '/a//b' is no path, such as /tmf-api/"),
        (["--base-path", "/a?b"], "Error: --base-path '/a?b' is no path, such as /tmf-api/"),
    ],
)
def test_what_cannot_start_is_one_line_and_exit_2(tmp_path, arguments, message):
    (tmp_path / "text.json").write_text("nothing")
    (tmp_path / "object.json").write_text("{}")
    (tmp_path / "nameless.json").write_text("[{}]")
    ended = run(*(argument.replace("{tmp}", str(tmp_path)) for argument in arguments))
    assert ended.returncode == 2
    assert ended.stderr.startswith(message.replace("{tmp}", str(tmp_path)))
    assert ended.stderr.count("\n") == 1
    assert ended.stdout == ""


def test_data_of_ones_own_is_served(tmp_path):
    file = tmp_path / "promotions.json"
    file.write_text('[{"name": "Mine", "id": "mine"}]')
    mock = Running("--data", str(file))
    assert requests.get(f"{mock.root}/promotion/mine", timeout=5).json()["name"] == "Mine"
    assert mock.stop(signal.SIGINT)[0] == 0


def test_the_catalogue_is_kept_from_one_run_to_the_next(tmp_path):
    file = tmp_path / "promotions.json"
    mock = Running("--data", str(file), "--save", "--seed", "2")
    kept = requests.get(f"{mock.root}/promotion", timeout=5).json()
    requests.post(f"{mock.root}/promotion", json={"id": "mine", "name": "Mine"}, timeout=5)
    assert mock.stop(signal.SIGTERM)[0] == 0
    saved = json.loads(file.read_text())
    assert [promotion["id"] for promotion in saved] == [*(one["id"] for one in kept), "mine"]
    assert not any("href" in promotion for promotion in saved)
    again = Running("--data", str(file), "--save", "--seed", "2")
    assert len(requests.get(f"{again.root}/promotion", timeout=5).json()) == 3
    requests.delete(f"{again.root}/promotion/mine", timeout=5)
    url = f"{again.root.removesuffix('/tmf-api/promotionManagement/v4')}/_mock/save"
    assert requests.post(url, timeout=5).json() == {"file": "promotions.json", "promotions": 2}
    again.process.kill()
    again.process.communicate(timeout=10)
    assert len(json.loads(file.read_text())) == 2


@pytest.mark.parametrize("pause", [0, 0.001, 0.02])
def test_a_second_ctrl_c_at_once_does_not_lose_the_catalogue(tmp_path, pause):
    file = tmp_path / "promotions.json"
    mock = Running("--data", str(file), "--save", "--count", "300")
    mock.process.send_signal(signal.SIGINT)
    time.sleep(pause)
    mock.stop(signal.SIGINT)
    assert len(json.loads(file.read_text())) == 300


def test_a_saved_file_keeps_its_mode_and_a_new_one_has_the_usual_one(tmp_path):
    old, new, usual = tmp_path / "old.json", tmp_path / "new.json", tmp_path / "usual"
    usual.touch()
    old.write_text("[]")
    old.chmod(0o640)
    for file in (old, new):
        mock = Running("--data", str(file), "--save")
        assert mock.stop(signal.SIGINT)[0] == 0
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert new.stat().st_mode == usual.stat().st_mode
    assert {path.name for path in tmp_path.iterdir()} == {"old.json", "new.json", "usual"}


def test_a_catalogue_that_cannot_be_kept_is_told_in_one_line(tmp_path):
    folder = tmp_path / "gone"
    folder.mkdir()
    mock = Running("--data", str(folder / "p.json"), "--save")
    folder.rmdir()
    code, output, errors = mock.stop(signal.SIGINT)
    assert (code, output) == (1, "")
    assert errors == f"Error: {folder}/p.json is not written: No such file or directory\n"


def test_on_other_addresses_the_control_api_is_off_without_a_token():
    mock = Running("--host", "0.0.0.0")
    assert mock.said == (
        f"TMF671 v4.1.0 mock at {mock.root} (Ctrl-C stops it; control API off without"
        " --admin-token)\n"
    )
    host = f"http://127.0.0.1:{mock.root.split(':')[2].split('/')[0]}"
    assert requests.get(f"{host}/_mock/state", timeout=5).status_code == 403
    assert mock.stop(signal.SIGINT)[0] == 0


def test_with_a_token_the_control_api_is_on_everywhere():
    mock = Running("--host", "0.0.0.0", TMF671_MOCK_ADMIN_TOKEN="adm1n", TMF671_MOCK_TENANTS="1")
    assert mock.said.endswith("(Ctrl-C stops it)\n")
    host = f"http://127.0.0.1:{mock.root.split(':')[2].split('/')[0]}"
    admin = {"Authorization": "Bearer adm1n"}
    assert requests.get(f"{host}/_mock/state", timeout=5).status_code == 401
    assert requests.get(f"{host}/_mock/state", headers=admin, timeout=5).status_code == 200
    assert requests.get(f"{host}/t/a/_mock/state", headers=admin, timeout=5).status_code == 200
    assert requests.get(f"{host}/t/b/_mock/state", headers=admin, timeout=5).status_code == 429
    assert mock.stop(signal.SIGINT)[0] == 0


def test_help_shows_examples_and_the_registries_are_listed():
    assert "tmf671 mock --seed 40" in run("--help").stdout
    listed = run("--list-defects").stdout
    assert "filter-ignored" in listed
    assert "[R-G30-EQUALITY]" in listed
    assert "no-hub" in listed


@pytest.mark.parametrize(
    ("seed", "count", "promotions"),
    [("4", None, 4), ("1000", None, 1000), ("1001", None, 25), ("5000", "3", 3), (None, "3", 3)],
)
def test_a_seed_is_also_the_number_of_promotions_unless_a_count_is_given(seed, count, promotions):
    from mockserver.cli import generated

    given = generated(None if seed is None else int(seed), None if count is None else int(count))
    assert given[1] == promotions
    assert given[0] == int(seed or 0)
