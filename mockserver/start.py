"""What a mock starts with, and one clear line where it cannot start."""

import errno
import ipaddress
import os
import re
import socket
import ssl
from pathlib import Path
from typing import Any

import click

from mockserver.app import normal_base_path
from mockserver.control.api import ROOT
from mockserver.errors import ProblemError
from mockserver.json_text import parse_json
from mockserver.serving import listen, tls_context
from mockserver.settings import BASE_PATH, Settings
from mockserver.tenants import PREFIX

DEFAULT_COUNT = 25
_LARGEST_COUNT_BY_SEED = 1000
_SEGMENTS = re.compile(r"(?:/[A-Za-z0-9._~!$&'()*+,;=:@{}-]*)*", re.ASCII)
"""Segments of a path (RFC 3986 §3.3) without escapes; braces get a message of their own."""


class StartError(click.ClickException):
    """A mock that cannot start; the message is one line for the user."""

    exit_code = 2


def read_data(path: Path) -> list[dict[str, Any]]:
    """Read the promotions of a JSON array.

    Raises:
        StartError: the file cannot be read, or is no JSON array of objects.

    """
    try:
        data = parse_json(path.read_bytes())
    except OSError as problem:
        raise StartError(f"{path}: {problem.strerror}") from None
    except ProblemError as problem:
        raise StartError(f"{path}: {problem.message}") from None
    if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
        raise StartError(f"{path}: not a JSON array of promotions")
    return data


def check_writable(path: Path) -> None:
    """Check that a file that does not exist yet can be written.

    Raises:
        StartError: its folder does not exist, or nothing may be written there.

    """
    if not path.parent.is_dir():
        raise StartError(f"{path}: there is no folder {path.parent}")
    if not os.access(path.parent, os.W_OK):
        raise StartError(f"{path}: the folder {path.parent} cannot be written to")


def generated(seed: int | None, count: int | None) -> tuple[int | None, int]:
    """Return the seed and the number of promotions that `--seed` and `--count` ask for.

    `--seed 40` reads as 40 promotions as well as seed 40, so it is both, up to a number that nobody
    would mean as a count.
    """
    if count is not None:
        return seed or 0, count
    return seed, seed if seed is not None and seed <= _LARGEST_COUNT_BY_SEED else DEFAULT_COUNT


def open_socket(host: str, port: int) -> socket.socket:
    """Return a listening socket.

    Raises:
        StartError: the port is in use, or the host is none of this machine.

    """
    try:
        return listen(host, port)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            raise StartError(
                f"port {port} of {host} is in use; choose another with --port, or --port 0 for a"
                " free one"
            ) from None
        raise StartError(f"cannot listen on {host}:{port}: {problem.strerror}") from None


def read_certificates(settings: Settings) -> ssl.SSLContext | None:
    """Return how to speak TLS by the settings, or None.

    Raises:
        StartError: a file cannot be used, or an option lacks another one.

    """
    if settings.tls_cert is None:
        for option, value in (("key", settings.tls_key), ("client-ca", settings.tls_client_ca)):
            if value is not None:
                raise StartError(f"--tls-{option} needs --tls-cert")
    try:
        return tls_context(settings)
    except OSError as problem:
        files = [settings.tls_cert, settings.tls_key, settings.tls_client_ca]
        named = ", ".join(str(path) for path in files if path is not None)
        reason = getattr(problem, "reason", None) or problem.strerror or "no PEM certificate"
        raise StartError(f"cannot speak TLS with {named}: {reason}") from None


def check_base_path(base_path: str) -> str:
    """Return the base path as it is used, see `normal_base_path`.

    Raises:
        StartError: it is where the mock has something else, or no client could ask for it.

    """
    path = normal_base_path(base_path)
    if not _SEGMENTS.fullmatch(path) or {".", "..", ""} & set(path.split("/")[1:]):
        raise StartError(f"--base-path {base_path!a} is no path, such as {BASE_PATH}")
    first = "/" + path[1:].partition("/")[0]
    if first in {ROOT, PREFIX, "/oauth"} or "{" in path or "}" in path:
        raise StartError(f"--base-path {base_path} is taken by the mock itself")
    return path


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach a server that listens on `host`."""
    try:
        address = socket.getaddrinfo(host, None)[0][4][0]
    except OSError:
        return True  # nobody can reach what cannot listen
    return ipaddress.ip_address(str(address).partition("%")[0]).is_loopback
