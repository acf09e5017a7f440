"""How the run went along with the target's own ways, as its options tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from reports.language import Texts
    from reports.results import Results

_AS_THE_API_SAYS = {"profile": "default"}


def adaptations(results: Results, texts: Texts) -> tuple[Markup, ...]:
    """Return the adaptations as sentences: those that the suite told, then other options of weight.

    The suite's own sentences are English, and marked as such in a page of another language.
    """
    options = results.options
    told = options.get("adaptations")
    sentences = [texts.quoted(str(sentence)) for sentence in told or ()]
    for name in texts.table("adaptation"):
        value = options.get(name)
        if value and value != _AS_THE_API_SAYS.get(name):
            sentences.append(texts(f"adaptation.{name}", value=value))
    return tuple(sentences)
