"""certification.toml: what the form says that no run can know."""

from __future__ import annotations

import difflib
import re
import tomllib
from importlib import resources
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PLACEHOLDER = re.compile(r"<<.*?>>", re.DOTALL)
"""What `certificate --init` leaves to be filled in, e.g. `<<company name>>`."""


class ConfigError(Exception):
    """certification.toml cannot be read or used; the text is one line."""


class Company(msgspec.Struct, frozen=True, kw_only=True):
    """The company that hands the form in."""

    name: str = ""


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """The product under test; `text` answers section 1, paragraphs parted by blank lines."""

    name: str = ""
    release: str = ""
    text: str = ""


class Api(msgspec.Struct, frozen=True, kw_only=True):
    """The API as the form names it; an empty `version` is the one tested, an empty `text` ours."""

    name: str = "TMF671 Promotion Management API"
    version: str = ""
    text: str = ""


class Architecture(msgspec.Struct, frozen=True, kw_only=True):
    """Section 3; `figure` is the path of a PNG, JPEG or SVG, relative to the TOML file."""

    figure: str = ""
    caption: str = "Architectural view"
    text: str = ""


class ReportLink(msgspec.Struct, frozen=True, kw_only=True):
    """Where the HTML report will be; None is the file itself, beside the document."""

    url: str | None = None


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to ask about the form."""

    name: str = ""
    email: str = ""


class Signer(msgspec.Struct, frozen=True, kw_only=True):
    """Who answers for the form."""

    name: str = ""
    role: str = ""


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file. `date` is as TOML gives it: a date, a string, or None for the run's."""

    date: Any = None
    company: Company = Company()
    product: Product = Product()
    api: Api = Api()
    architecture: Architecture = Architecture()
    report: ReportLink = ReportLink()
    contact: Contact = Contact()
    signer: Signer = Signer()

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield each text of the form with its name in the file, e.g. ("product.text", …)."""
        for table in self.__struct_fields__:
            part = getattr(self, table)
            if isinstance(part, msgspec.Struct):
                for key in part.__struct_fields__:
                    yield f"{table}.{key}", getattr(part, key) or ""


def read(path: Path) -> Config:
    """Read certification.toml; raises ConfigError, for an unknown name with the nearest known."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise ConfigError(f"cannot read {path}: {problem.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ConfigError(f"{path} is not TOML: {problem}") from None
    _refuse_strangers(document, path)
    try:
        return msgspec.convert(document, Config)
    except msgspec.ValidationError as problem:
        raise ConfigError(f"{path}: {problem}") from None


def write_template(path: Path) -> None:
    """Write a commented certification.toml; raises ConfigError when `path` exists already."""
    template = resources.files("reports").joinpath("templates", "certificate.toml")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(template.read_text("utf-8"))
    except FileExistsError:
        raise ConfigError(f"{path} exists already: name another file") from None
    except OSError as problem:
        raise ConfigError(f"cannot write {path}: {problem.strerror}") from None


def _refuse_strangers(document: dict[str, Any], path: Path) -> None:
    for key, value in document.items():
        _refuse_stranger(key, Config.__struct_fields__, path, "")
        part = getattr(Config(), key)
        if isinstance(part, msgspec.Struct) and isinstance(value, dict):
            for name in value:
                _refuse_stranger(name, part.__struct_fields__, path, f"{key}.")


def _refuse_stranger(name: str, known: tuple[str, ...], path: Path, table: str) -> None:
    if name in known:
        return
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {table}{close[0]}?" if close else f"it can have {', '.join(known)}"
    raise ConfigError(f"{path}: unknown setting {table}{name}; {hint}")
