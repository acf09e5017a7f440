"""How the target's events reach this machine."""

from __future__ import annotations

from pathlib import Path

import click

from conformance.cli.options import together

_FILE = click.Path(path_type=Path)

event_options = together(
    [
        click.option("--no-events", is_flag=True, help="Leave out the hub."),
        click.option(
            "--callback-url",
            metavar="URL",
            help="Where the target reaches the listener: a tunnel, a forwarded port.",
        ),
        click.option(
            "--listener-host",
            metavar="HOST",
            help="The address the listener binds to (default: the one that faces the target).",
        ),
        click.option(
            "--listener-port",
            type=click.IntRange(min=0, max=65535),
            metavar="PORT",
            help="Its port (default: a free one, or that of --callback-url).",
        ),
        click.option(
            "--listener-cert", type=_FILE, help="A certificate, PEM: the listener is https."
        ),
        click.option("--listener-key", type=_FILE, help="Its key, when not in the same file."),
        click.option(
            "--event-timeout",
            type=click.FloatRange(min=0, max=600),
            default=5.0,
            show_default=True,
            help="Seconds to wait for an event.",
        ),
    ]
)
