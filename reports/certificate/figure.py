"""The architecture figure: PNG, JPEG or SVG, looked at before it is put into a document."""

from __future__ import annotations

import base64
import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.parsers import expat

if TYPE_CHECKING:
    from pathlib import Path

_LARGEST = 10 << 20
_RASTERED_WIDTH = 2000  # pixels: 300 an inch over the width of a page's text
_MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "SVG": "image/svg+xml"}
_LOADING = frozenset({"image", "feImage", "use"})


class FigureError(Exception):
    """The figure is missing or cannot be used; the text is a cause and a way out, on one line."""


@dataclass(frozen=True)
class Figure:
    """`content` are the bytes of the file; `raster` a PNG or JPEG for formats without SVG."""

    media_type: str
    content: bytes
    raster: bytes
    width: int
    height: int

    @property
    def data_uri(self) -> str:
        """The figure as a `data:` URI (RFC 2397)."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.content).decode()}"


def read(path: Path) -> Figure:
    """Read the figure at `path`; width and height are those of the raster, in pixels.

    Raises FigureError when there is none, when it is broken, and when an SVG would load something
    else: the documents have to stand alone.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise FigureError(f"{path} is larger than {_LARGEST >> 20} MiB: export it smaller")
        content = path.read_bytes()
    except FileNotFoundError:
        raise FigureError(f"{path} does not exist: mend the path or draw the figure") from None
    except OSError as problem:
        raise FigureError(f"{path} cannot be read ({problem.strerror}): mend the path") from None
    vector = content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    raster = _rastered(content, path) if vector else content
    kind, width, height = _pixels(raster, path)
    return Figure(_MEDIA_TYPES["SVG" if vector else kind], content, raster, width, height)


def _pixels(content: bytes, path: Path) -> tuple[str, int, int]:
    from PIL import Image, ImageFile  # noqa: PLC0415

    lenient = ImageFile.LOAD_TRUNCATED_IMAGES
    try:
        ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint makes it true for the whole process
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as image:
                image.load()
                return str(image.format), image.width, image.height
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError):
        raise FigureError(
            f"{path} is not a whole PNG, JPEG or SVG image: export it again"
        ) from None
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient


def _rastered(content: bytes, path: Path) -> bytes:
    _refuse_loading(content, path)
    try:
        text = content.decode("utf-8-sig")
        drawn = _drawn(text)
        if b"<text" in content and drawn == _drawn(text, without_fonts=True):
            raise FigureError(f"{path} has text, but no font is installed: install one or use PNG")
    except ValueError:
        raise FigureError(f"{path} cannot be drawn as SVG: export it as plain SVG") from None
    return drawn


def _drawn(svg: str, *, without_fonts: bool = False) -> bytes:
    """Return an SVG as PNG; raises ValueError."""
    import resvg_py  # noqa: PLC0415

    return resvg_py.svg_to_bytes(
        svg_string=svg,
        width=_RASTERED_WIDTH,
        background="#ffffff",
        skip_system_fonts=without_fonts,
    )


def _refuse_loading(content: bytes, path: Path) -> None:
    """Refuse an SVG with entities, or with a reference that is neither inside it nor a data URI."""
    parser = expat.ParserCreate()

    def element(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] not in _LOADING:
            return
        for key, value in attributes.items():
            inside = value.strip().startswith(("#", "data:"))
            if key.rpartition(":")[2] == "href" and not inside:
                raise FigureError(f"{path} loads {value.strip()}: embed it in the SVG")

    def entity(name: str, *_rest: object) -> None:
        raise FigureError(f"{path} declares the entity {name}: export it as plain SVG")

    parser.StartElementHandler = element
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(content, True)
    except expat.ExpatError as problem:
        raise FigureError(f"{path} is not SVG ({problem}): export it again") from None
