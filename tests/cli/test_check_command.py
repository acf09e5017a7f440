"""`tmf671 check` as a user runs it: a process of its own, its exit code, its two outputs."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import jsonschema
import pytest

import specs
from mockserver.embedded import running_mock
from mockserver.settings import Settings

TMF671 = str(Path(sys.executable).parent / "tmf671")
QUICK = ("--fuzz", "0", "--no-events")


def tmf671(*arguments, cwd, timeout=90, **variables):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TMF671_")}
    return subprocess.run(
        [TMF671, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=timeout,
        env=environment | variables,
    )


def started(*arguments, cwd):
    """Start a run and return it when it has begun to judge."""
    process = subprocess.Popen(
        [TMF671, "check", *arguments],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr.readline().startswith("judging ")
    return process


@pytest.fixture(scope="module")
def mock_url():
    with running_mock(Settings(seed=3)) as url:
        yield url


@pytest.fixture
def counting_server():
    """A server that is not TMF671 at all, and counts what it is asked."""
    asked = []

    class Counting(BaseHTTPRequestHandler):
        def answer(self):
            asked.append(f"{self.command} {self.path}")
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"hello")

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Counting)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v4", asked
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("version", ["4.1.0", "4.0.0"])
def test_without_url_the_embedded_mock_is_found_conformant(tmp_path, version):
    done = tmf671("check", "--api-version", version, "--company", "ACME & Söhne", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("Conformant: all ")
    report = tmp_path / "tmf671-report"
    results = json.loads((report / "results.json").read_text(encoding="utf-8"))
    jsonschema.validate(results, specs.results_schema())
    assert results["verdict"] == "conformant"
    assert results["scope"] == "full"
    assert results["summary"]["failed"] == results["summary"]["error"] == 0
    assert results["summary"]["passed"] > 100
    assert results["cleanup"]["created"] == results["cleanup"]["deleted"] > 10
    assert results["cleanup"]["left"] == []
    assert {path.name for path in report.iterdir()} == {
        "results.json",
        "junit.xml",
        f"ACME-&-Söhne-TMF671-v{version}-HTMLReport.html",
    }


def test_json_is_all_that_stands_on_stdout(tmp_path, mock_url):
    done = tmf671("check", mock_url, "--json", *QUICK, "--select", "create", cwd=tmp_path)
    assert done.returncode == 0
    assert json.loads(done.stdout)["scope"] == "subset"


def test_quiet_says_the_verdict_only(tmp_path, mock_url):
    done = tmf671("check", mock_url, "--quiet", *QUICK, "--select", "delete", cwd=tmp_path)
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


def test_a_failed_should_decides_only_when_strict(tmp_path):
    options = ("--defect", "result-count-of-all", *QUICK, "--select", "TMF671-PAGE-*")
    assert tmf671("check", *options, cwd=tmp_path).returncode == 0
    assert tmf671("check", *options, "--strict", cwd=tmp_path).returncode == 1


def test_levels_below_the_asked_one_are_skipped(tmp_path, mock_url):
    tmf671("check", mock_url, *QUICK, "--level", "must", cwd=tmp_path)
    results = json.loads((tmp_path / "tmf671-report/results.json").read_text())
    outcomes = {check["level"]: set() for check in results["checks"]}
    for check in results["checks"]:
        outcomes[check["level"]].add(check["outcome"])
    assert outcomes["should"] | outcomes["may"] == {"skipped", "not-applicable"}
    assert results["scope"] == "subset"


def test_read_only_sends_nothing_but_get(tmp_path, mock_url):
    done = tmf671("check", mock_url, "--read-only", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    results = json.loads((tmp_path / "tmf671-report/results.json").read_text())
    assert {exchange["request"]["method"] for exchange in results["exchanges"]} == {"GET"}
    assert results["scope"] == "read-only"
    assert results["cleanup"]["created"] == 0


def test_several_workers_find_the_same(tmp_path, mock_url):
    def outcomes(*options):
        tmf671("check", mock_url, "--fuzz", "0", *options, cwd=tmp_path)
        results = json.loads((tmp_path / "tmf671-report/results.json").read_text())
        assert results["cleanup"]["created"] == results["cleanup"]["deleted"]
        cited = {number for check in results["checks"] for number in check["exchanges"]}
        assert cited <= {exchange["n"] for exchange in results["exchanges"]}
        return [(check["id"], check["outcome"]) for check in results["checks"]]

    assert outcomes("--parallel", "3") == outcomes()


def test_nothing_listening_is_inconclusive_in_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    done = tmf671("check", f"http://127.0.0.1:{port}/v4", cwd=tmp_path)
    assert done.returncode == 3
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "nothing listens there" in done.stderr
    assert not (tmp_path / "tmf671-report").exists()


def test_what_is_no_tmf671_is_inconclusive_and_said_in_one_line(tmp_path, counting_server):
    done = tmf671("check", counting_server[0], *QUICK, cwd=tmp_path)
    assert done.returncode == 3
    assert done.stderr.startswith("Error: GET /promotion?limit=1 does not lead to promotions")
    assert "text/html" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["127.0.0.1/v4"], "absolute http:// or https:// URL"),
        (["ftp://127.0.0.1/v4"], "absolute http:// or https:// URL"),
        (["URL", "--payload", "missing.json"], "cannot read the payload missing.json"),
        (["URL", "--payload", "broken.json"], "is not JSON"),
        (["URL", "--ctk-config", "missing.json"], "cannot read the kit configuration"),
        (["URL", "--spec", "broken.json"], "broken.json"),
        (["URL", "--header", "no colon"], "must be written 'Name: value'"),
        (["URL", "--select", "TMF671-NOTHING-*"], "no check matches TMF671-NOTHING-*"),
        (["URL", "--config", "missing.toml"], "cannot read the configuration missing.toml"),
        (["URL", "--config", "broken.json"], "is not TOML"),
        (["URL", "--config", "typo.toml"], "did you mean read-only?"),
        (["URL", "--out", "broken.json"], "--out"),
        (["URL", "--defect", "filter-ignored"], "leave out the URL"),
        (["--defect", "filter-ignore"], "did you mean filter-ignored"),
        (["URL", "--fuzz", "-1"], "not in the range"),
        (["URL", "--timeout", "nan"], "timeout must be a number of seconds"),
        (["URL", "--callback-url", "foo"], "cannot be called back"),
        (["URL", "--frob"], "No such option"),
    ],
)
def test_a_usage_error_is_one_line_and_sends_nothing(tmp_path, counting_server, arguments, words):
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "typo.toml").write_text("read-onyl = true\n")
    url, asked = counting_server
    done = tmf671("check", *[url if a == "URL" else a for a in arguments], cwd=tmp_path)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert words in done.stderr
    assert asked == []
    assert not (tmp_path / "tmf671-report").exists()


def test_a_flag_goes_before_a_variable_before_the_file(tmp_path, mock_url):
    (tmp_path / "tmf671.toml").write_text(
        f'[check]\nurl = "{mock_url}"\ntimeout = 7\nlevel = "may"\nseed = 1\n'
        'select = ["delete"]\nno-events = true\n[check.header]\nX-Tenant = "blue"\n'
    )
    done = tmf671(
        "check",
        "--config",
        "tmf671.toml",
        "--seed",
        "3",
        cwd=tmp_path,
        TMF671_SEED="2",
        TMF671_LEVEL="must",
    )
    assert done.returncode == 0, done.stderr
    options = json.loads((tmp_path / "tmf671-report/results.json").read_text())["options"]
    assert (options["timeout"], options["level"], options["seed"]) == (7, "must", 3)
    assert options["headers"] == {"X-Tenant": "blue"}


def test_a_variable_holds_a_line_for_each_header(tmp_path, mock_url):
    done = tmf671(
        "check",
        mock_url,
        *QUICK,
        "-s",
        "delete",
        cwd=tmp_path,
        TMF671_HEADER="Authorization: Bearer tok-en-1\nX-Tenant: deep blue",
        TMF671_JSON="1",
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["options"]["headers"] == {
        "Authorization": "***",
        "X-Tenant": "deep blue",
    }


def test_a_second_interrupt_tells_what_is_left(tmp_path):
    with running_mock(Settings(seed=1)) as url:
        process = started(url, cwd=tmp_path)
        time.sleep(1.5)
        for _ in range(3):
            process.send_signal(signal.SIGINT)
            time.sleep(0.02)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 3, out + err
    assert "Traceback" not in out + err
    results = json.loads((tmp_path / "tmf671-report/results.json").read_text())
    cleanup = results["cleanup"]
    assert cleanup["created"] == cleanup["deleted"] + len(cleanup["left"])


def test_a_disk_that_fills_up_during_the_run_loses_nothing(tmp_path, mock_url):
    process = started(mock_url, *QUICK, "--out", "gone/report", cwd=tmp_path)
    (tmp_path / "gone").write_text("a file stands where the folder was to be")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 3
    assert len(err.splitlines()) == 1
    kept = Path(err.split("the results are in ")[1].split(":")[0])
    assert json.loads(kept.read_text())["verdict"] == "conformant"
    kept.unlink()


def test_the_targets_own_ways_stand_in_the_file(tmp_path, mock_url):
    (tmp_path / "own.toml").write_text(
        "[target.payload]\nname = 'Summer'\nvalidFor = {startDateTime = 2026-01-01T00:00:00Z}\n"
        "[[target.payloads]]\nname = 'Voucher'\npromotionType = 'Award'\n"
        "[target.attributes.id]\ngiven-by-client = true\n"
        "[target.attributes.lifecycleStatus]\nvalues = ['active', 'inactive']\n"
        "[target.attributes.description]\nimmutable = true\n"
    )
    done = tmf671("check", mock_url, "--config", "own.toml", *QUICK, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    results = json.loads((tmp_path / "tmf671-report/results.json").read_text())
    assert "description cannot be changed: no PATCH of it" in results["options"]["adaptations"]
    outcomes = {check["id"]: check["outcome"] for check in results["checks"]}
    assert outcomes["TMF671-CREATE-PAYLOADS"] == "passed"
    assert outcomes["TMF671-PATCH-STORED"] == "passed"
    bodies = [
        e["request"]["body"] for e in results["exchanges"] if e["request"]["method"] == "PATCH"
    ]
    assert not [body for body in bodies if body and '"description"' in body]


def test_a_credential_stands_in_no_output(tmp_path, mock_url):
    secret = "s3cr3t-t0ken-value"
    done = tmf671(
        "check",
        mock_url,
        "-H",
        f"Authorization: Bearer {secret}",
        "-H",
        f"X-Api-Key: {secret}2",
        *QUICK,
        cwd=tmp_path,
    )
    assert done.returncode == 0
    assert secret not in done.stdout + done.stderr
    for path in (tmp_path / "tmf671-report").iterdir():
        assert secret not in path.read_text(encoding="utf-8"), path.name


def test_an_official_kits_configuration_is_enough(tmp_path, mock_url):
    (tmp_path / "config.json").write_text(
        json.dumps(
            {
                "url": mock_url + "/",
                "headers": {"X-Kit": "yes"},
                "payloads": {"Promotion": {"POST": {"payload": {"name": "kit", "vendor": "x"}}}},
            }
        )
    )
    done = tmf671("check", "--ctk-config", "config.json", *QUICK, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    results = json.loads((tmp_path / "tmf671-report/results.json").read_text())
    created = next(c for c in results["checks"] if c["id"] == "TMF671-CREATE-201")
    sent = [e for e in results["exchanges"] if e["n"] in created["exchanges"]]
    assert json.loads(sent[0]["request"]["body"])["vendor"] == "x"
    assert {"name": "X-Kit", "value": "yes"} in sent[0]["request"]["headers"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_cleans_up_and_writes_its_report(tmp_path, number):
    with running_mock(Settings(variants=("late-events",))) as url:
        process = started(url, "--event-timeout", "30", cwd=tmp_path)
        time.sleep(1.5)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 3, out + err
        assert "Traceback" not in out + err
        assert "interrupted" in out.splitlines()[-1]
        results = json.loads((tmp_path / "tmf671-report/results.json").read_text())
        assert results["verdict"] == "inconclusive"
        assert results["cleanup"]["left"] == []
        assert results["cleanup"]["created"] == results["cleanup"]["deleted"]


def test_results_are_rendered_again(tmp_path, mock_url):
    tmf671("check", mock_url, *QUICK, "--select", "delete", "--out", "first", cwd=tmp_path)
    done = tmf671("report", "first/results.json", "--out", "again", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "again/results.json").read_bytes() == (
        tmp_path / "first/results.json"
    ).read_bytes()
    assert tmf671("report", "nowhere.json", cwd=tmp_path).returncode == 2
