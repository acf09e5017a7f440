"""How the target is reached: credentials, TLS, proxy, patience, limits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from conformance.cli.options import together
from conformance.connection import SENT_ONCE_MORE, Connection, OAuth
from conformance.options import Lines, parse_headers
from conformance.secrets import Secret
from conformance.settings import UsageError

_SECONDS = click.FloatRange(min=0, min_open=True, max=600)
_FILE = click.Path(path_type=Path)
_HIDDEN = "a file: reference or ${VARIABLE} keeps it out of the process list"

connection_options = together(
    [
        click.option(
            "--header",
            "-H",
            multiple=True,
            metavar="'NAME: VALUE'",
            type=Lines(),
            help="Sent with every request; masked in reports when it looks like a credential. "
            "Repeatable.",
        ),
        click.option("--bearer", metavar="TOKEN", type=Secret(), help=f"Bearer token; {_HIDDEN}."),
        click.option(
            "--basic", metavar="USER:PASSWORD", type=Secret(), help="HTTP basic authentication."
        ),
        click.option(
            "--api-key", metavar="'NAME: VALUE'", type=Secret(), help="An API key in a header."
        ),
        click.option(
            "--oauth-token-url",
            metavar="URL",
            help="OAuth 2.0 client credentials: where tokens are fetched.",
        ),
        click.option("--oauth-client-id", metavar="ID"),
        click.option("--oauth-client-secret", metavar="SECRET", type=Secret()),
        click.option("--oauth-scope", metavar="SCOPE"),
        click.option("--oauth-audience", metavar="AUDIENCE"),
        click.option(
            "--oauth-client-auth",
            type=click.Choice(["basic", "post"]),
            default="basic",
            show_default=True,
            help="How the client's secret is sent: in a header or in the form.",
        ),
        click.option("--cert", type=_FILE, help="The client's certificate for mutual TLS, PEM."),
        click.option("--key", type=_FILE, help="Its key, when it is not in the same file."),
        click.option("--ca", type=_FILE, help="Certificates to trust instead of the usual, PEM."),
        click.option(
            "--insecure", is_flag=True, help="Do not verify the target's certificate; is reported."
        ),
        click.option(
            "--proxy",
            metavar="URL|none",
            help="The proxy; else HTTP_PROXY, HTTPS_PROXY and NO_PROXY are followed.",
        ),
        click.option(
            "--connect-timeout",
            type=_SECONDS,
            default=10.0,
            show_default=True,
            help="Seconds to wait for a connection.",
        ),
        click.option(
            "--timeout",
            type=_SECONDS,
            default=10.0,
            show_default=True,
            help="Seconds to wait for each part of an answer.",
        ),
        click.option(
            "--total-timeout",
            type=_SECONDS,
            default=60.0,
            show_default=True,
            help="Seconds for a whole exchange.",
        ),
        click.option(
            "--retries",
            type=click.IntRange(min=0, max=10),
            default=SENT_ONCE_MORE,
            show_default=True,
            help="How often a GET is sent again after a connection error; each is recorded.",
        ),
        click.option(
            "--rate",
            type=click.FloatRange(min=0, min_open=True, max=10_000),
            metavar="N",
            help="The most requests a second.",
        ),
        click.option(
            "--max-wait",
            type=click.FloatRange(min=0, max=3600),
            default=120.0,
            show_default=True,
            help="Seconds to wait in all when the target asks for patience (429, Retry-After).",
        ),
    ]
)

limit_options = together(
    [
        click.option(
            "--max-requests",
            type=click.IntRange(min=1),
            metavar="N",
            help="End the run, inconclusive, after this many requests; cleaning goes on.",
        ),
        click.option(
            "--max-creates",
            type=click.IntRange(min=1),
            metavar="N",
            help="Leave out what would create more promotions than this.",
        ),
    ]
)


def connection_of(options: dict[str, Any]) -> Connection:
    """Take the options above out of `options` and return the connection they make.

    Raises UsageError for options that do not go together, and for files that cannot be read.
    """
    given = {name: options.pop(name) for name in _NAMES}
    limits = {name: options.pop(name, None) for name in ("max_requests", "max_creates")}
    if sum(given[name] is not None for name in ("bearer", "basic", "oauth_token_url")) > 1:
        raise UsageError("--bearer, --basic and --oauth-token-url exclude each other: give one")
    if given["basic"] is not None and ":" not in given["basic"]:
        raise UsageError("--basic must be written USER:PASSWORD")
    if given["key"] is not None and given["cert"] is None:
        raise UsageError("--key is the key of --cert: give that too")
    for name in ("cert", "key", "ca"):
        _check_readable(name, given[name])
    key = None if given["api_key"] is None else parse_headers([given["api_key"]])
    return Connection(
        bearer=given["bearer"],
        basic=given["basic"],
        api_key=None if key is None else next(iter(key.items())),
        oauth=_oauth(given),
        ca=_text(given["ca"]),
        certificate=_text(given["cert"]),
        key=_text(given["key"]),
        insecure=given["insecure"],
        proxy=given["proxy"],
        connect_timeout=given["connect_timeout"],
        total_timeout=given["total_timeout"],
        retries=given["retries"],
        rate=given["rate"],
        longest_wait=given["max_wait"],
        **limits,
    )


_NAMES = (
    "bearer",
    "basic",
    "api_key",
    "oauth_token_url",
    "oauth_client_id",
    "oauth_client_secret",
    "oauth_scope",
    "oauth_audience",
    "oauth_client_auth",
    "cert",
    "key",
    "ca",
    "insecure",
    "proxy",
    "connect_timeout",
    "total_timeout",
    "retries",
    "rate",
    "max_wait",
)


def _oauth(given: dict[str, Any]) -> OAuth | None:
    url, identity, secret = (
        given[f"oauth_{name}"] for name in ("token_url", "client_id", "client_secret")
    )
    if url is None and identity is None and secret is None:
        return None
    if url is None or identity is None or secret is None:
        raise UsageError(
            "OAuth needs --oauth-token-url, --oauth-client-id and --oauth-client-secret together"
        )
    return OAuth(
        token_url=url,
        client_id=identity,
        client_secret=secret,
        scope=given["oauth_scope"],
        audience=given["oauth_audience"],
        client_auth=given["oauth_client_auth"],
    )


def _check_readable(name: str, path: Path | None) -> None:
    if path is None:
        return
    try:
        with path.open("rb"):
            pass
    except OSError as problem:
        raise UsageError(f"--{name} {path} cannot be read: {problem.strerror}") from None


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)
