"""Legitimate differences between implementations, each under a name.

A client, and a conformance check, must cope with every one of them.
"""

from collections.abc import Mapping

from mockserver.variants.answers import ANSWERS
from mockserver.variants.operations import OPERATIONS
from mockserver.variants.representations import REPRESENTATIONS
from mockserver.variants.variant import Variant

VARIANTS: Mapping[str, Variant] = {
    variant.name: variant for variant in (*REPRESENTATIONS, *ANSWERS, *OPERATIONS)
}

__all__ = ["VARIANTS", "Variant"]
