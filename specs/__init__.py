"""TMF671 as data: API descriptions, the requirement catalogue and the schema of results."""

from specs.description import ApiDescription, Operation, SpecError, load, read
from specs.packaged import results_schema
from specs.requirements import NotObservable, Requirement, not_observable, requirements

__all__ = [
    "ApiDescription",
    "NotObservable",
    "Operation",
    "Requirement",
    "SpecError",
    "load",
    "not_observable",
    "read",
    "requirements",
    "results_schema",
]
