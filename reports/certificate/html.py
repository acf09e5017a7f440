"""The document as one HTML file that loads nothing and runs nothing; the PDF is made from it."""

from __future__ import annotations

import base64
import functools
import hashlib
from importlib import resources
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports.certificate.content import WATERMARK
from reports.wellformed import visible_text

if TYPE_CHECKING:
    from jinja2 import Template

    from reports.certificate.content import Document


def render(document: Document) -> str:
    """Return the HTML file; an SVG figure is an image in it, in which no script runs."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    text = _template().render(
        document=document,
        watermark=WATERMARK,
        style=Markup(style),  # noqa: S704
        style_digest=f"sha256-{digest}",
    )
    return visible_text(text)


@functools.cache
def _style() -> str:
    return resources.files("reports").joinpath("templates", "certificate.css").read_text("utf-8")


@functools.cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("certificate.html.j2")
