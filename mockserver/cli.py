"""The command `mock`."""

import asyncio
import difflib
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import click

import specs
from mockserver.app import TENANTS, make_app
from mockserver.defects import DEFECTS
from mockserver.lifecycle import Lifecycle
from mockserver.quick_validation import prepare
from mockserver.serving import fastest_loop, on_signal, serve, settle
from mockserver.settings import BASE_PATH, CallbackStyle, Settings
from mockserver.snapshot import write_snapshot
from mockserver.start import (
    StartError,
    check_base_path,
    check_writable,
    generated,
    is_loopback,
    open_socket,
    read_certificates,
    read_data,
)
from mockserver.tenant import DataError, Tenant
from mockserver.variants import VARIANTS

_EPILOG = """
\b
Examples:
  tmf671 mock                                an empty catalogue on port 8671
  tmf671 mock --seed 40                      40 promotions, the same ones each time
  tmf671 mock --seed 7 --count 5000          5000 promotions of seed 7
  tmf671 mock --data promotions.json         promotions of your own
  tmf671 mock --defect filter-ignored        commit a mistake on purpose
  tmf671 mock --variant no-hub --port 0      differ legitimately, on a free port
  tmf671 mock --list-defects                 all defects and variants
  tmf671 mock --data shop.json --save        keep the promotions for the next time
  tmf671 mock --require-token s3cret         refuse clients without a token
  tmf671 mock --host 0.0.0.0 --admin-token t a mock for a team, below /t/NAME/

Every option also stands in the environment, as TMF671_MOCK_PORT or TMF671_MOCK_SEED.
"""


class Registered(click.ParamType[str]):
    """The name of a defect or of a variant."""

    def __init__(self, kind: str, known: Mapping[str, object]) -> None:
        self.name = kind
        self._known = known

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,  # noqa: ARG002
        ctx: click.Context | None,  # noqa: ARG002
    ) -> str:
        """Return the name.

        Raises:
            StartError: nothing has this name; the message suggests the closest ones.

        """
        name = str(value)
        if name not in self._known:
            close = difflib.get_close_matches(name, self._known, n=2, cutoff=0.4)
            advice = f"did you mean {' or '.join(close)}?" if close else ""
            raise StartError(f"no {self.name} is called {name!r}; {advice or 'see --list-defects'}")
        return name


class Credentials(click.ParamType[tuple[str, str]]):
    """The id and the secret of an OAuth client."""

    name = "credentials"

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,  # noqa: ARG002
        ctx: click.Context | None,  # noqa: ARG002
    ) -> tuple[str, str]:
        """Return the id and the secret.

        Raises:
            StartError: the value is not ID:SECRET; it is not repeated, since it may be secret.

        """
        client_id, colon, secret = str(value).partition(":")
        if not (client_id and colon and secret):
            raise StartError("--oauth-client must be ID:SECRET")
        return client_id, secret


def _list_registries(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    width = max(map(len, (*DEFECTS, *VARIANTS))) + 2
    click.echo("Defects (--defect), and the requirements that they break:")
    for defect in DEFECTS.values():
        click.echo(f"  {defect.name:{width}}{defect.text} [{', '.join(defect.requirements)}]")
    click.echo("\nVariants (--variant), all of them legitimate:")
    for variant in VARIANTS.values():
        click.echo(f"  {variant.name:{width}}{variant.text}")
    ctx.exit()


@click.command(epilog=_EPILOG, context_settings={"auto_envvar_prefix": "TMF671_MOCK"})
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8671,
    show_default=True,
    help="Port to listen on; 0 takes a free one.",
)
@click.option(
    "--api-version",
    type=click.Choice(["4.0.0", "4.1.0"]),
    default="4.1.0",
    show_default=True,
    help="Version of TMF671.",
)
@click.option("--base-path", default=BASE_PATH, show_default=True, help="Path of the API root.")
@click.option(
    "--seed",
    type=click.IntRange(0),
    metavar="N",
    help="Start with generated promotions: N of them (25 above 1000), the same for the same N.",
)
@click.option(
    "--count",
    type=click.IntRange(0, 1_000_000),
    metavar="M",
    help="Start with M generated promotions, whatever the seed.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Start with the promotions of a JSON array.",
)
@click.option(
    "--save",
    is_flag=True,
    help="Write the promotions to --data at the end and on POST /_mock/save; the file may be new,"
    " and only then --seed counts.",
)
@click.option(
    "--defect",
    "defects",
    type=Registered("defect", DEFECTS),
    multiple=True,
    metavar="NAME",
    help="Break a rule on purpose; repeatable.",
)
@click.option(
    "--variant",
    "variants",
    type=Registered("variant", VARIANTS),
    multiple=True,
    metavar="NAME",
    help="Differ in a legitimate way; repeatable.",
)
@click.option(
    "--page-max", type=click.IntRange(1), metavar="N", help="Answer at most N promotions at once."
)
@click.option(
    "--partial-status",
    type=click.Choice(["200", "206"]),
    default="200",
    show_default=True,
    help="Status of a list that is only a part.",
)
@click.option(
    "--callback-style",
    type=click.Choice(["as-given", "listener"]),
    default="as-given",
    show_default=True,
    help="Post events to the callback, or to /listener/... below it.",
)
@click.option(
    "--callback-hosts",
    type=click.Choice(["any", "loopback"]),
    default="any",
    show_default=True,
    help="Deliver events wherever a client asks for, or to this machine only.",
)
@click.option(
    "--max-body",
    type=click.IntRange(1),
    default=1 << 20,
    show_default=True,
    metavar="BYTES",
    help="Largest request body.",
)
@click.option(
    "--lifecycle",
    type=click.Choice(["free", "suggested"]),
    default="free",
    show_default=True,
    help="Let lifecycleStatus change at will, or keep to a table of transitions.",
)
@click.option(
    "--require-if-match", is_flag=True, help="Refuse PATCH and DELETE without If-Match (428)."
)
@click.option(
    "--cors",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    help="Let pages of this origin use the API from a browser, * for all; repeatable.",
)
@click.option(
    "--trust-forwarded", is_flag=True, help="Build links from X-Forwarded-Proto and -Host."
)
@click.option(
    "--journal",
    type=click.IntRange(0, 100_000),
    default=200,
    show_default=True,
    metavar="N",
    help="Keep the last N exchanges for /_mock/journal.",
)
@click.option(
    "--tenants",
    type=click.IntRange(0, 10_000),
    default=32,
    show_default=True,
    metavar="N",
    help="Most catalogues of their own below /t/NAME/, made on first use.",
)
@click.option(
    "--admin-token",
    metavar="TOKEN",
    help="Bearer token of the control API /_mock; without one it only works on loopback.",
)
@click.option("--require-token", metavar="TOKEN", help="Bearer token that clients must send.")
@click.option(
    "--oauth-client",
    type=Credentials(),
    metavar="ID:SECRET",
    help="Client for which POST /oauth/token issues the tokens that clients must send.",
)
@click.option(
    "--token-ttl",
    type=click.FloatRange(0, 31_536_000),
    default=3600,
    show_default=True,
    metavar="SECONDS",
    help="Life of an issued token.",
)
@click.option(
    "--tls-cert",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Speak HTTPS with this certificate (PEM).",
)
@click.option(
    "--tls-key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Its private key, unless the certificate's file has it.",
)
@click.option(
    "--tls-client-ca",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Demand client certificates of this authority (mutual TLS).",
)
@click.option(
    "--list-defects",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_list_registries,
    help="List all defects and variants, and exit.",
)
def mock(
    host: str,
    port: int,
    api_version: str,
    base_path: str,
    seed: int | None,
    count: int | None,
    data: Path | None,
    defects: tuple[str, ...],
    variants: tuple[str, ...],
    page_max: int | None,
    partial_status: str,
    callback_style: CallbackStyle,
    callback_hosts: Literal["any", "loopback"],
    max_body: int,
    lifecycle: Lifecycle,
    require_if_match: bool,
    origins: tuple[str, ...],
    trust_forwarded: bool,
    save: bool,
    journal: int,
    tenants: int,
    admin_token: str | None,
    require_token: str | None,
    oauth_client: tuple[str, str] | None,
    token_ttl: float,
    tls_cert: Path | None,
    tls_key: Path | None,
    tls_client_ca: Path | None,
) -> None:
    """Run a mock of TMF671 Promotion Management until Ctrl-C."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    seed, number = generated(seed, count)
    promotions: list[dict[str, Any]] = []
    if save and data is None:
        raise StartError("--save needs --data, the file to write")
    if data is not None and save and not data.exists():
        check_writable(data)
    elif data is not None:
        promotions, seed = read_data(data), None if save else seed
    settings = Settings(
        api_version=api_version,
        base_path=check_base_path(base_path),
        seed=seed,
        count=number,
        data=promotions,
        defects=defects,
        variants=variants,
        page_max=page_max,
        partial_status=206 if partial_status == "206" else 200,
        callback_style=callback_style,
        callback_hosts=callback_hosts,
        max_body=max_body,
        lifecycle=lifecycle,
        require_if_match=require_if_match,
        cors=tuple(origin.rstrip("/") for origin in origins),
        trust_forwarded=trust_forwarded,
        journal=journal,
        tenants=tenants,
        control=admin_token is not None or is_loopback(host),
        admin_token=admin_token,
        save_to=data if save else None,
        require_token=require_token,
        oauth_client=oauth_client,
        token_ttl=token_ttl,
        tls_cert=tls_cert,
        tls_key=tls_key,
        tls_client_ca=tls_client_ca,
    )
    tls = read_certificates(settings)
    try:
        app = make_app(settings)
    except DataError as problem:
        raise StartError(f"{data}: {problem}") from None
    except specs.SpecError as problem:
        raise StartError(str(problem)) from None
    listening = open_socket(host, port)
    where = f"[{host}]" if ":" in host else host
    scheme = "http" if tls is None else "https"
    root = f"{scheme}://{where}:{listening.getsockname()[1]}{settings.base_path}"
    closed = "" if settings.control else "; control API off without --admin-token"
    said = f"TMF671 v{api_version} mock at {root} (Ctrl-C stops it{closed})"

    prepare(
        app[TENANTS].default.description.validator("Promotion_Create")
    )  # no client waits for it
    settle()

    async def run() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        with on_signal(lambda: loop.call_soon_threadsafe(stop.set)):
            await serve(app, listening, stop, lambda: click.echo(said, err=True), tls)
            if settings.save_to is not None:
                _save(app[TENANTS].default, settings.save_to)

    with asyncio.Runner(loop_factory=fastest_loop()) as runner:
        runner.run(run())


def _save(tenant: Tenant, path: Path) -> None:
    try:
        write_snapshot(tenant.store, path)
    except OSError as problem:
        raise click.ClickException(f"{path} is not written: {problem.strerror}") from None
