"""The HTTP session below the client: TLS, proxy, and what its errors mean in words."""

from __future__ import annotations

import os
import warnings
from urllib.parse import urlsplit

import requests
from requests.utils import get_environ_proxies
from urllib3.exceptions import InsecureRequestWarning

from conformance.connection import Connection
from conformance.deadline import WatchedAdapter
from conformance.masking import secrets_of
from conformance.settings import is_loopback


class _Session(requests.Session):
    """A session that does not look where an answer redirects to.

    To find out, requests would read the whole body of a redirect, however large it is.
    """

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002
        return None


def session_for(connection: Connection) -> requests.Session:
    """Return a session that takes nothing from the surroundings and keeps connections alive."""
    session = _Session()
    session.trust_env = False
    session.headers.clear()
    session.headers.update({"User-Agent": "tmf671", "Accept-Encoding": "gzip, deflate"})
    session.mount("http://", WatchedAdapter())
    session.mount("https://", WatchedAdapter())
    if connection.insecure:
        session.verify = False
        # The report and the command line say it once; urllib3 would with every request.
        warnings.simplefilter("ignore", InsecureRequestWarning)
    elif connection.ca is not None:
        session.verify = connection.ca
    if connection.certificate is not None:
        session.cert = (
            connection.certificate
            if connection.key is None
            else (connection.certificate, connection.key)
        )
    return session


def proxies_for(url: str, connection: Connection) -> dict[str, str]:
    """Return the proxies for a URL: the one given, else HTTP_PROXY, HTTPS_PROXY, NO_PROXY.

    The environment's proxies are not asked to reach this machine itself.
    """
    if connection.proxy == "none":
        return {}
    if connection.proxy is not None:
        return {"http": connection.proxy, "https": connection.proxy}
    return {} if is_loopback(url) else dict(get_environ_proxies(url))


def environment_secrets() -> frozenset[str]:
    """Return the passwords in the proxies that the environment names."""
    names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    urls = (os.environ.get(form) for name in names for form in (name, name.lower()))
    return frozenset().union(*(secrets_of({}, url) for url in urls))


def origin_of(url: str) -> tuple[str, str, int | None]:
    """Return the scheme, host and port of a URL (RFC 6454 §4); no port for one that is invalid.

    >>> origin_of("HTTP://Host/x") == origin_of("http://host:80/")
    True
    """
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    try:
        port = parts.port or usual
    except ValueError:
        port = None
    return parts.scheme, parts.hostname or "", port


_WORDS = (
    ("ProxyError", "the proxy cannot be reached or does not let the request through"),
    ("certificate has expired", "the certificate of the target has expired"),
    ("Hostname mismatch", "the certificate of the target names another host"),
    ("IP address mismatch", "the certificate of the target names another host"),
    ("doesn't match", "the certificate of the target names another host"),
    (
        "CERTIFICATE_VERIFY_FAILED",
        "the certificate of the target is not trusted: give its authority with --ca",
    ),
    ("WRONG_VERSION_NUMBER", "the target does not speak TLS there"),
    ("CERTIFICATE_REQUIRED", "the target wants a certificate of the client: give --cert and --key"),
    ("HANDSHAKE_FAILURE", "the target refuses the TLS handshake: does it want --cert and --key?"),
    (
        "EOF occurred in violation",
        "the connection was closed during the TLS handshake: does the target want --cert?",
    ),
    ("Connection refused", "connection refused (nothing listens there)"),
    ("Name or service not known", "the host name is not known"),
    ("Failed to resolve", "the host name is not known"),
    ("Network is unreachable", "the network of the target cannot be reached"),
    ("No route to host", "there is no way to the host"),
    ("timed out", "timed out"),
    ("RemoteDisconnected", "the connection was closed without an answer"),
    ("ConnectionResetError", "the connection was reset"),
    ("BrokenPipeError", "the connection was reset"),
    ("IncompleteRead", "the answer broke off before its end"),
    ("InvalidChunkLength", "the answer broke off before its end"),
    ("BadStatusLine", "what was answered is not HTTP"),
    ("LineTooLong", "a header line is longer than 65,536 bytes"),
    ("got more than", "there are more than 100 headers"),
    ("failed to decode it", "the answer is not what its Content-Encoding says"),
)

_CONNECTION = (
    "Connection refused",
    "RemoteDisconnected",
    "ConnectionResetError",
    "BrokenPipeError",
    "IncompleteRead",
    "InvalidChunkLength",
    "EOF occurred in violation",
    "Network is unreachable",
    "No route to host",
)


def in_words(problem: Exception) -> str:
    """Return the cause in words; an unknown one with the name of its exception."""
    text = " ".join(repr(problem).split())
    for sign, words in _WORDS:
        if sign in text:
            return words
    return f"{type(problem).__name__}: {' '.join(str(problem).split())}"


def is_connection_error(problem: Exception) -> bool:
    """Tell whether the connection failed, so that sending again may help."""
    text = repr(problem)
    return any(sign in text for sign in _CONNECTION) and "ProxyError" not in text
