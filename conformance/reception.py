"""Where the suite receives events: what its listener binds to and how it is reached."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from typing import Any
from urllib.parse import urlsplit

import msgspec


class Reception(msgspec.Struct, frozen=True, kw_only=True):
    """`host` and `port` are bound, None for what faces the target and for a free port.

    `certificate` and `key` are PEM files that make the listener an https server.
    """

    host: str | None = None
    port: int | None = None
    certificate: str | None = None
    key: str | None = None

    def recorded(self) -> dict[str, Any]:
        """Return what is set, for results.json."""
        return {
            name: value for name, value in msgspec.to_builtins(self).items() if value is not None
        }

    def tls(self) -> ssl.SSLContext | None:
        """Return the context of an https listener, None for http.

        Raises ReceptionError when the certificate or its key cannot be used.
        """
        if self.certificate is None:
            return None
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        try:
            context.load_cert_chain(self.certificate, self.key, password=_no_password)
        except (OSError, ValueError) as problem:
            why = getattr(problem, "strerror", None) or str(problem)
            raise ReceptionError(
                f"the listener's certificate {self.certificate} cannot be used ({why}): "
                "give PEM files with --listener-cert and --listener-key"
            ) from None
        return context


class ReceptionError(Exception):
    """The listener cannot be opened as asked; one line with the cause and the way out."""


def _no_password() -> str:
    raise ValueError("its key has a passphrase")


def bound(reception: Reception, target_url: str, public_url: str | None) -> socket.socket:
    """Return the listener's socket, bound; the port of `public_url` is taken where none is given.

    Without a host it is bound to all addresses when it is reached by another one, else to the
    address that faces the target. Raises ReceptionError when the host or port cannot be had.
    """
    everywhere = "0.0.0.0"  # noqa: S104  (a tunnel may end at any address of this machine)
    host = reception.host or (everywhere if public_url else facing(target_url))
    port = reception.port
    if port is None:
        port = (urlsplit(public_url).port if public_url else None) or 0
    made = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        made = socket.socket(family, kind, protocol)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen()
    except (OSError, UnicodeError) as problem:
        if made is not None:
            made.close()
        why = getattr(problem, "strerror", None) or str(problem)
        raise ReceptionError(
            f"the listener cannot be opened at {host} port {port} ({why}): "
            "see --listener-host and --listener-port, or leave events out with --no-events"
        ) from None
    return made


def base_url(
    reception: Reception, listening: socket.socket, target_url: str, public_url: str | None
) -> str:
    """Return the URL by which the target reaches the listener, without a final slash."""
    if public_url is not None:
        return public_url.rstrip("/")
    host, port = listening.getsockname()[:2]
    if ipaddress.ip_address(host.partition("%")[0]).is_unspecified:
        host = facing(target_url)
    scheme = "http" if reception.certificate is None else "https"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def check_reception(reception: Reception, target_url: str, public_url: str | None) -> None:
    """Raise ReceptionError when a listener could not be opened, before anything is sent."""
    reception.tls()
    bound(reception, target_url, public_url).close()


def facing(target_url: str) -> str:
    """Return the address of this machine from which packets to the target leave."""
    parts = urlsplit(target_url)
    host = parts.hostname or "127.0.0.1"
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect(address)
            return str(probe.getsockname()[0])
    except (OSError, UnicodeError):
        return "127.0.0.1"
