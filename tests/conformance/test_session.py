"""TLS, proxies and the words for what goes wrong, over real sockets."""

import base64
import contextlib
import datetime as dt
import socket
import ssl
import threading

import pytest
import trustme
from hostile import Hostile, answering, raw, read_request

from conformance.client import Client
from conformance.connection import Connection
from conformance.outcomes import TransportError
from conformance.recorder import Recorder
from conformance.session import environment_secrets, origin_of, proxies_for

OK = answering(200, b"[]")


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(authority, tmp_path_factory):
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return str(path)


def tls(certificate, client_authority=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    if client_authority is not None:
        client_authority.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def asked(url, **connection):
    """Return the status of a GET; raises TransportError."""
    options = {"retries": 0, "total_timeout": 5.0} | connection
    client = Client(url, Recorder(), timeout=3.0, connection=Connection(**options))
    try:
        return client.send("GET", "/promotion").status
    finally:
        client.close()


def test_a_private_authority_is_trusted_when_it_is_given(authority, ca_file):
    with Hostile(OK, tls=tls(authority.issue_cert("127.0.0.1"))) as server:
        assert asked(server.url, ca=ca_file) == 200
        with pytest.raises(TransportError, match="is not trusted: give its authority with --ca"):
            asked(server.url)


def test_an_expired_certificate_is_refused_in_words(authority, ca_file):
    past = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    expired = authority.issue_cert("127.0.0.1", not_after=past)
    with (
        Hostile(OK, tls=tls(expired)) as server,
        pytest.raises(TransportError, match="certificate of the target has expired"),
    ):
        asked(server.url, ca=ca_file)


def test_a_certificate_of_another_host_is_refused_in_words(authority, ca_file):
    with (
        Hostile(OK, tls=tls(authority.issue_cert("crm.example.com"))) as server,
        pytest.raises(TransportError, match="certificate of the target names another host"),
    ):
        asked(server.url, ca=ca_file)


def test_no_request_is_sent_over_a_connection_that_is_not_trusted(authority):
    with Hostile(OK, tls=tls(authority.issue_cert("127.0.0.1"))) as server:
        with pytest.raises(TransportError):
            asked(server.url, bearer="abcd")
        assert server.requests == []


def test_insecure_takes_any_certificate(authority):
    past = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    expired = authority.issue_cert("crm.example.com", not_after=past)
    with Hostile(OK, tls=tls(expired)) as server:
        assert asked(server.url, insecure=True) == 200


def test_plain_http_on_an_https_port_is_said_in_words():
    with (
        Hostile(raw(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as server,
        pytest.raises(TransportError, match=r"does not speak TLS|TLS handshake|was reset"),
    ):
        asked(server.url.replace("http:", "https:"))


def test_a_client_certificate_is_shown_to_the_target_that_asks_for_it(authority, ca_file, tmp_path):
    mine = authority.issue_cert("kit@example.com")
    mine.private_key_pem.write_to_path(tmp_path / "key.pem")
    for pem in mine.cert_chain_pems:
        pem.write_to_path(tmp_path / "cert.pem", append=True)
    mine.private_key_and_cert_chain_pem.write_to_path(tmp_path / "both.pem")
    context = tls(authority.issue_cert("127.0.0.1"), authority)
    with Hostile(OK, tls=context) as server:
        certificate, key = str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")
        assert asked(server.url, ca=ca_file, certificate=certificate, key=key) == 200
        assert asked(server.url, ca=ca_file, certificate=str(tmp_path / "both.pem")) == 200
        with pytest.raises(
            TransportError, match=r"wants a certificate of the client|TLS handshake"
        ):
            asked(server.url, ca=ca_file)


class Proxy:
    """An HTTP proxy that tunnels (CONNECT) or forwards to the port that is asked for."""

    def __init__(self, status=200):
        self._status = status
        self.asked = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_problem):
        self._listening.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with contextlib.suppress(OSError), connection, connection.makefile("rb", 0) as file:
            method, where, headers, _ = read_request(file)
            self.asked.append((method, where, headers))
            if method != "CONNECT":
                OK(None, connection, (method, where), 0)
                return
            connection.sendall(b"HTTP/1.1 %d Words\r\n\r\n" % self._status)
            if self._status != 200:
                return
            host, _, port = where.rpartition(":")
            with socket.create_connection((host, int(port))) as target:
                threading.Thread(target=_pump, args=(target, connection), daemon=True).start()
                _pump(connection, target)


def _pump(one, other):
    with contextlib.suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)


def test_http_is_forwarded_by_the_proxy_which_gets_its_password():
    with Proxy() as proxy:
        url = f"http://me:pr%40xy@127.0.0.1:{proxy.port}"
        assert asked("http://crm.invalid/v4", proxy=url, bearer="abcd") == 200
    ((method, where, headers),) = proxy.asked
    assert (method, where) == ("GET", "http://crm.invalid/v4/promotion")
    assert base64.b64decode(headers["Proxy-Authorization"].split()[1]) == b"me:pr@xy"
    assert headers["Authorization"] == "Bearer abcd"


def test_https_goes_through_a_tunnel_in_which_the_proxy_sees_nothing(authority, ca_file):
    with Hostile(OK, tls=tls(authority.issue_cert("127.0.0.1"))) as server, Proxy() as proxy:
        url = f"http://127.0.0.1:{proxy.port}"
        assert asked(server.url, proxy=url, ca=ca_file, bearer="abcd") == 200
        assert server.requests[0][2]["Authorization"] == "Bearer abcd"
    ((method, where, headers),) = proxy.asked
    assert (method, where) == ("CONNECT", f"127.0.0.1:{server.port}")
    assert "Authorization" not in headers


def test_a_proxy_that_refuses_is_told_from_a_target_that_does():
    with (
        Proxy(status=407) as proxy,
        pytest.raises(TransportError, match=r"the proxy .* does not let the request through"),
    ):
        asked("https://crm.invalid/v4", proxy=f"http://127.0.0.1:{proxy.port}")
    with pytest.raises(TransportError, match="the proxy cannot be reached"):
        asked("https://crm.invalid/v4", proxy="http://127.0.0.1:1")


def test_the_environments_proxies_are_followed_but_not_to_this_machine(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("https_proxy", "http://me:pa55word@proxy.example.com:3128")
    monkeypatch.setenv("no_proxy", "internal.example.com")
    usual = Connection()
    assert proxies_for("https://crm.example.com/v4", usual)["https"].endswith(":3128")
    assert "https" not in proxies_for("https://internal.example.com/v4", usual)
    assert proxies_for("https://127.0.0.1/v4", usual) == {}
    assert proxies_for("https://crm.example.com/v4", Connection(proxy="none")) == {}
    given = Connection(proxy="http://p:1")
    assert proxies_for("https://127.0.0.1/v4", given) == {
        "http": "http://p:1",
        "https": "http://p:1",
    }
    assert "pa55word" in environment_secrets()


def test_the_environments_authorities_and_netrc_are_not_used(monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with Hostile(OK) as server:
        assert asked(server.url) == 200
        assert "Authorization" not in server.requests[0][2]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://a/x", "http://A:80/y", True),
        ("https://a", "https://a:443", True),
        ("http://a", "https://a", False),
        ("http://a", "http://a:8080", False),
        ("http://a", "http://a.b", False),
        ("http://me:pw@a", "http://a", True),
    ],
)
def test_an_origin_is_scheme_host_and_port(one, other, same):
    assert (origin_of(one) == origin_of(other)) is same


def test_a_host_that_is_not_known_is_said_in_words():
    with pytest.raises(TransportError, match="the host name is not known"):
        asked("http://no-such-host.invalid/v4")


def test_a_url_that_cannot_be_sent_to_is_an_error_in_words():
    with pytest.raises(TransportError, match="cannot be sent"):
        asked("http://.example.com/v4")
