"""`tmf671 init`: write a configuration file to be filled in."""

from __future__ import annotations

import os
from importlib import resources
from pathlib import Path

import click

from conformance.cli.errors import Failure

EXAMPLES = """\b
Examples:
  tmf671 init
  tmf671 init crm.toml
  tmf671 check --config tmf671.toml --target staging
"""


@click.command(epilog=EXAMPLES)
@click.argument("file", type=click.Path(path_type=Path), default=Path("tmf671.toml"))
@click.option("--force", is_flag=True, help="Overwrite a file that is there.")
def init(file: Path, *, force: bool) -> None:
    """Write a commented configuration to FILE.

    It is tmf671.toml when no FILE is named, and only you can read it.
    """
    template = resources.files("conformance.cli").joinpath("config.toml").read_bytes()
    existing = os.O_TRUNC if force else os.O_EXCL
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | existing, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            file.chmod(0o600)
            stream.write(template)
    except FileExistsError:
        raise Failure(f"{file} is there already: name another file, or --force") from None
    except OSError as problem:
        raise Failure(f"{file} cannot be written: {problem.strerror}") from None
    click.echo(f"written: {file}; fill it in, then run `tmf671 check --config {file}`")
