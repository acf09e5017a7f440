"""What is judged, and how."""

from __future__ import annotations

import click

from conformance.cli.options import together
from conformance.options import Lines

run_options = together(
    [
        click.option(
            "--level",
            type=click.Choice(["must", "should", "may"]),
            default="should",
            show_default=True,
            help="The lowest level that runs.",
        ),
        click.option(
            "--profile",
            type=click.Choice(["default", "strict", "lenient"]),
            default="default",
            show_default=True,
            help="How the rules inferred from sibling APIs are levelled.",
        ),
        click.option("--strict", is_flag=True, help="A failed SHOULD decides too."),
        click.option("--read-only", is_flag=True, help="Only GET, on data that is there."),
        click.option(
            "--select",
            "-s",
            multiple=True,
            metavar="PATTERN",
            type=Lines(),
            help="Only checks whose id, section or requirement matches this glob. Repeatable.",
        ),
        click.option(
            "--fuzz",
            type=click.IntRange(min=0),
            help="Generated examples an operation (default: 10 on loopback, else 0).",
        ),
        click.option("--seed", type=click.IntRange(min=0), help="Repeats a run."),
        click.option(
            "--parallel",
            type=click.IntRange(min=1, max=64),
            default=1,
            show_default=True,
            help="Sections judged at the same time; worth it when the target is not near.",
        ),
    ]
)
