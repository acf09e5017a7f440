"""Which target, and what is particular about it."""

from __future__ import annotations

from pathlib import Path

import click

from conformance.cli.configuration import read_config
from conformance.cli.options import together
from conformance.options import Lines

config_options = together(
    [
        click.option(
            "--config",
            type=click.Path(path_type=Path),
            callback=read_config,
            is_eager=True,
            expose_value=False,
            help="TOML file with any of these options (`tmf671 init` writes one); none is read by "
            "itself.",
        ),
        click.option(
            "--target",
            metavar="NAME",
            callback=read_config,
            is_eager=True,
            expose_value=False,
            help="The table [targets.NAME] of that file goes over the rest of it.",
        ),
    ]
)

target_options = together(
    [
        click.argument("url", required=False, envvar="TMF671_URL"),
        config_options,
        click.option(
            "--ctk-config",
            type=click.Path(path_type=Path),
            help="An official kit's config.json: its url, headers and payload.",
        ),
        click.option(
            "--api-version",
            type=click.Choice(["4.0.0", "4.1.0"]),
            default="4.1.0",
            show_default=True,
        ),
        click.option(
            "--payload",
            type=click.Path(path_type=Path),
            help="JSON file with the promotion to POST, when the target has mandatory attributes.",
        ),
        click.option(
            "--spec",
            type=click.Path(),
            help="Another API description to validate bodies against (Swagger 2.0 or OpenAPI 3).",
        ),
        click.option(
            "--target-spec",
            metavar="FILE|URL",
            help="The target's own published description, to be compared with TMF671.",
        ),
    ]
)

mock_options = together(
    [
        click.option(
            "--defect",
            multiple=True,
            metavar="NAME",
            type=Lines(),
            help="Without URL: a defect that the embedded mock is to have. Repeatable.",
        ),
        click.option(
            "--variant",
            multiple=True,
            metavar="NAME",
            type=Lines(),
            help="Without URL: a legitimate way of the embedded mock's own. Repeatable.",
        ),
    ]
)
