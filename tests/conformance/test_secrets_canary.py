"""No credential stands anywhere after a run, however it ends and whatever the target echoes."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hostile import Hostile, answering, head

from mockserver.embedded import running_mock
from mockserver.settings import Settings

TMF671 = str(Path(sys.executable).parent / "tmf671")
CANARY = "c4n4ry"
"""In every secret, and left alone by every escape but base64."""


def canary(kind):
    return f'{CANARY}-{kind}-"/+&<x>'


TOKEN = f"{CANARY}-token/+=="
QUICK = ("--fuzz", "0", "--no-events")
FORMATS = "html,junit,csv,har,markdown"


@pytest.fixture(scope="module")
def mock_url():
    with running_mock(Settings(seed=3)) as url:
        yield url


@pytest.fixture(scope="module")
def defective_url():
    with running_mock(Settings(seed=3, defects=("error-without-code", "no-allow"))) as url:
        yield url


def echoing(*, in_bodies, until=10**9):
    """A mode that answers as the mock does, and tells in every place what it was sent."""

    def mode(server, connection, request, number):
        if number > until:
            return answering(401)(server, connection, request, number)
        method, path, headers, body = request
        parts = urlsplit(path)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        answer = server._from_upstream((method, path, headers, body))
        start, _, content = answer.partition(b"\r\n\r\n")
        told = " ".join(value for name, value in headers.items() if name.lower() != "host")
        packed = base64.b64encode(told.split(" ")[-1].encode("latin-1")).decode()
        lines = start.split(b"\r\n")
        lines[0] += b" " + told.encode("latin-1", "replace")
        lines.append(f"X-Echo: {told} {packed}".encode("latin-1", "replace"))
        if in_bodies and content.startswith(b"{"):
            content = json.dumps(json.loads(content) | {"code": 1, "description": told}).encode()
            lines = [one for one in lines if not one.startswith(b"Content-Length")]
            lines.append(f"Content-Length: {len(content)}".encode())
        connection.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + content)
        return True

    return mode


def token_endpoint():
    def mode(server, connection, request, number):
        content = json.dumps({"access_token": TOKEN, "expires_in": 3600}).encode()
        told = [("X-Echo", request[3].decode()), ("X-Token-Again", TOKEN), ("X-Other", TOKEN)]
        pairs = [*told, ("Content-Length", str(len(content)))]
        connection.sendall(head(200, pairs) + content)
        return True

    return Hostile(mode)


def pair(user, password):
    return base64.b64encode(f"{user}:{password}".encode()).decode()


KINDS = {
    "header, bearer and key": (
        *("-H", f"X-Auth-Token: {canary('header')}"),
        *("--bearer", canary("bearer")),
        *("--api-key", f"X-Key: {canary('key')}"),
    ),
    "basic": ("--basic", f"me:{canary('basic')}"),
}


def run(cwd, *arguments):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TMF671_")}
    return subprocess.run(
        [TMF671, "check", *arguments, "--seed", "1", "--debug", "--format", FORMATS],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        env=environment,
    )


def no_canary_sings(cwd, done, *more):
    """Nothing that was printed or written holds a secret, nor what base64 makes of it."""
    values = [canary(kind) for kind in ("header", "bearer", "key", "basic", "secret", "proxy")]
    packed = [base64.b64encode(value.encode()).decode().rstrip("=") for value in [*values, TOKEN]]
    packed += [pair("me", canary("basic")), *more]
    texts = {"the outputs": done.stdout + done.stderr}
    texts |= {str(one): one.read_text("utf-8") for one in cwd.rglob("*") if one.is_file()}
    assert len(texts) > 5
    for name, text in texts.items():
        found = [form for form in (CANARY, *packed) if form in text]
        assert not found, name


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_conformant_run_tells_no_credential(tmp_path, mock_url, kind):
    with Hostile(echoing(in_bodies=False), mock_url) as target:
        done = run(tmp_path, target.url, *KINDS[kind], "--fuzz", "25")
        assert any(CANARY in str(headers) for _, _, headers, _ in target.requests) or any(
            pair("me", canary("basic")) in str(headers) for _, _, headers, _ in target.requests
        )
    assert done.returncode == 0, done.stdout + done.stderr
    no_canary_sings(tmp_path, done)


@pytest.mark.parametrize(
    "kind", ["header, bearer and key", pytest.param("basic", marks=pytest.mark.slow)]
)
def test_a_failing_run_tells_no_credential_that_bodies_echo(tmp_path, defective_url, kind):
    with Hostile(echoing(in_bodies=True), defective_url) as target:
        done = run(tmp_path, target.url, *KINDS[kind], *QUICK)
    assert done.returncode == 1, done.stdout + done.stderr
    results = json.loads((tmp_path / "tmf671-report" / "results.json").read_text())
    assert any("***" in json.dumps(check["observed"]) for check in results["checks"])
    no_canary_sings(tmp_path, done)


def test_a_run_that_ends_early_tells_no_credential(tmp_path, mock_url):
    with Hostile(echoing(in_bodies=False, until=60), mock_url) as target:
        done = run(tmp_path, target.url, *KINDS["header, bearer and key"], *QUICK)
    assert done.returncode == 3
    no_canary_sings(tmp_path, done)


def test_neither_the_clients_secret_nor_the_token_is_told(tmp_path, mock_url):
    secret = canary("secret")
    with token_endpoint() as tokens, Hostile(echoing(in_bodies=True), mock_url) as target:
        done = run(
            tmp_path,
            target.url,
            *("--oauth-token-url", tokens.url, "--oauth-client-id", "kit"),
            *("--oauth-client-secret", secret, "--oauth-client-auth", "post"),
            *QUICK,
        )
        assert all(h["Authorization"] == f"Bearer {TOKEN}" for _, _, h, _ in target.requests)
    assert done.returncode == 1
    no_canary_sings(tmp_path, done, pair("kit", secret))


def test_a_token_endpoint_that_refuses_is_told_without_the_secret(tmp_path):
    def mode(server, connection, request, number):
        told = {"error": request[3].decode()[:60], "error_description": canary("secret")}
        return answering(401, json.dumps(told).encode())(server, connection, request, number)

    with Hostile(mode) as tokens:
        done = run(
            tmp_path,
            "http://127.0.0.1:1/v4",
            *("--oauth-token-url", tokens.url, "--oauth-client-id", "kit"),
            *("--oauth-client-secret", CANARY, "--oauth-client-auth", "post"),
        )
    assert done.returncode == 3
    assert "no usable token" in done.stderr
    assert CANARY not in done.stdout + done.stderr


def test_passwords_in_urls_are_not_told(tmp_path, mock_url):
    path = urlsplit(mock_url).path
    with Hostile(echoing(in_bodies=True), mock_url) as proxy:
        done = run(
            tmp_path,
            f"http://me:{CANARY}-url%2F@crm.invalid{path}",
            *("--proxy", f"http://us:{CANARY}-proxy%40@127.0.0.1:{proxy.port}"),
            *("--yes", *QUICK, "--target-spec", f"http://x:{CANARY}-spec@127.0.0.1:1/x"),
        )
        sent = proxy.requests[0][2]
    assert sent["Proxy-Authorization"] == f"Basic {pair('us', CANARY + '-proxy@')}"
    assert sent["Authorization"] == f"Basic {pair('me', CANARY + '-url/')}"
    assert done.returncode == 1, done.stdout + done.stderr
    no_canary_sings(tmp_path, done, pair("us", CANARY + "-proxy@"), pair("me", CANARY + "-url/"))


def test_files_with_a_targets_data_are_for_their_owner_only(tmp_path, mock_url):
    done = run(tmp_path, mock_url, *QUICK, "--select", "create")
    assert done.returncode == 0
    open_ones = [
        one.name for one in tmp_path.rglob("*") if one.is_file() and one.stat().st_mode & 0o077
    ]
    assert open_ones == []
