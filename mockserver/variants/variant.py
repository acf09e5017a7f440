"""What a variant is."""

from dataclasses import dataclass

from mockserver.alterations import Install


@dataclass(frozen=True, slots=True)
class Variant:
    """A named way to differ and still conform.

    Args:
        name: what `--variant` takes.
        text: what differs, in one line.
        install: makes a behaviour differ so.

    """

    name: str
    text: str
    install: Install
