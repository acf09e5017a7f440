"""What a defect is."""

from dataclasses import dataclass
from typing import Literal

from mockserver.alterations import Install


@dataclass(frozen=True, slots=True)
class Defect:
    """A named deviation from the rules.

    Args:
        name: what `--defect` takes.
        requirements: ids of the requirements that it breaks.
        level: the level of the strictest of them.
        text: what an implementation with this defect does, in one line.
        install: commits it.

    """

    name: str
    requirements: tuple[str, ...]
    level: Literal["must", "should", "may"]
    text: str
    install: Install


def must(requirements: str, name: str, text: str, install: Install) -> Defect:
    """Return a defect that breaks these requirements, separated by blanks; one is a MUST."""
    return Defect(name, tuple(requirements.split()), "must", text, install)


def should(requirements: str, name: str, text: str, install: Install) -> Defect:
    """Return a defect that breaks these requirements, separated by blanks; one is a SHOULD."""
    return Defect(name, tuple(requirements.split()), "should", text, install)


def may(requirements: str, name: str, text: str, install: Install) -> Defect:
    """Return a defect that breaks these requirements, separated by blanks; all are a MAY."""
    return Defect(name, tuple(requirements.split()), "may", text, install)
