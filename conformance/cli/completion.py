"""`tmf671 completion SHELL`: the script that completes the command in a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command(epilog="\b\nExample:\n  tmf671 completion bash >> ~/.bashrc")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script for SHELL."""
    from conformance.cli.main import tmf671  # noqa: PLC0415

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(tmf671, {}, "tmf671", "_TMF671_COMPLETE").source())
