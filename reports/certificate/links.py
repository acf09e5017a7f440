"""Links that a reader of the document could not follow."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_remote(link: str) -> bool:
    """Tell whether `link` has a scheme; else it is the path of a file beside the document."""
    return ":" in link.split("/", 1)[0]


def dead_because(link: str) -> str | None:
    """Return why nobody can follow `link`, None when nothing speaks against it.

    Nothing is fetched: a well-formed address of another host is taken as it is.
    """
    if not link.strip():
        return "is empty"
    if link.startswith("#"):
        return "leads nowhere"
    if any(character.isspace() for character in link):
        return "has a space in it"
    if not is_remote(link):
        return "is a path of this computer" if link.startswith(("/", "\\")) else None
    try:
        parts = urlsplit(link)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "is not a URL"
    if parts.scheme.lower() not in {"http", "https"}:
        return f"is a {parts.scheme}: address, which opens in no other place"
    if not host:
        return "names no host"
    return "leads to the reader's own computer" if _is_loopback(host) else None


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
