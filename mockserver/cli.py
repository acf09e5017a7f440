"""The command `mock`."""

import asyncio
import difflib
import errno
import signal
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import click

import specs
from mockserver.app import make_app, normal_base_path
from mockserver.defects import DEFECTS
from mockserver.errors import ProblemError
from mockserver.json_text import parse_json
from mockserver.serving import listen, serve
from mockserver.settings import BASE_PATH, CallbackStyle, Settings
from mockserver.tenant import DataError
from mockserver.variants import VARIANTS

DEFAULT_COUNT = 25
_LARGEST_COUNT_BY_SEED = 1000

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

Every option also stands in the environment, as TMF671_MOCK_PORT or TMF671_MOCK_SEED.
"""


class StartError(click.ClickException):
    """A mock that cannot start; the message is one line for the user."""

    exit_code = 2


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
    "--trust-forwarded", is_flag=True, help="Build links from X-Forwarded-Proto and -Host."
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
    trust_forwarded: bool,
) -> None:
    """Run a mock of TMF671 Promotion Management until Ctrl-C."""
    seed, number = generated(seed, count)
    settings = Settings(
        api_version=api_version,
        base_path=base_path,
        seed=seed,
        count=number,
        data=[] if data is None else read_data(data),
        defects=defects,
        variants=variants,
        page_max=page_max,
        partial_status=206 if partial_status == "206" else 200,
        callback_style=callback_style,
        callback_hosts=callback_hosts,
        max_body=max_body,
        trust_forwarded=trust_forwarded,
    )
    try:
        app = make_app(settings)
    except DataError as problem:
        raise StartError(f"{data}: {problem}") from None
    except specs.SpecError as problem:
        raise StartError(str(problem)) from None
    listening = _listen(host, port)
    where = f"[{host}]" if ":" in host else host
    root = f"http://{where}:{listening.getsockname()[1]}{normal_base_path(base_path)}"

    async def run() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        said = f"TMF671 v{api_version} mock at {root} (Ctrl-C stops it)"
        await serve(app, listening, stop, lambda: click.echo(said, err=True))

    asyncio.run(run())


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


def generated(seed: int | None, count: int | None) -> tuple[int | None, int]:
    """Return the seed and the number of promotions that `--seed` and `--count` ask for.

    `--seed 40` reads as 40 promotions as well as seed 40, so it is both, up to a number that nobody
    would mean as a count.
    """
    if count is not None:
        return seed or 0, count
    return seed, seed if seed is not None and seed <= _LARGEST_COUNT_BY_SEED else DEFAULT_COUNT


def _listen(host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            raise StartError(
                f"port {port} of {host} is in use; choose another with --port, or --port 0 for a"
                " free one"
            ) from None
        raise StartError(f"cannot listen on {host}:{port}: {problem.strerror}") from None
