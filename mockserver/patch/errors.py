"""Why a patch is refused.

TMF630 leaves the statuses open. A patch that is malformed by itself gets 400; one that does not fit
the resource as it is, a failed `test` included, gets 409 (RFC 5789 §2.2 "conflicting state"), which
the TMF671 Swagger documents for PATCH, as it does not 422.
"""

from mockserver.errors import ProblemError


def malformed(where: str, reason: str) -> ProblemError:
    """Return the refusal of a patch that no resource could satisfy."""
    return ProblemError(400, f"{where}: {reason}", code="invalidPatch")


def conflict(where: str, reason: str) -> ProblemError:
    """Return the refusal of a patch that does not fit the present resource."""
    return ProblemError(409, f"{where}: {reason}", code="patchConflict")


def test_failed(where: str) -> ProblemError:
    """Return the refusal of a patch whose `test` does not hold."""
    return ProblemError(409, f"{where}: the value there is another one", code="testFailed")
