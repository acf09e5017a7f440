"""Errors as the API answers them.

Every error has the TMF body: `code` and `reason` are obligatory, `message` and `status` tell more
(TMF630 Part 1 v4.0.2 §3.4; `Error` of the TMF671 Swagger v4.1.0, where `code` is a string).
"""

from collections.abc import Mapping

from attrs import frozen

from mockserver.exchange import Answer

REASONS: Mapping[int, str] = {
    400: "Bad request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Conflict",
    410: "Gone",
    411: "Length required",
    412: "Precondition failed",
    413: "Request body too large",
    415: "Unsupported media type",
    416: "Range not satisfiable",
    417: "Expectation failed",
    422: "Unprocessable content",
    428: "Precondition required",
    429: "Too many requests",
    500: "Internal server error",
    501: "Not implemented",
    502: "Bad gateway",
    503: "Service unavailable",
}


@frozen
class ProblemError(Exception):
    """A request that is refused.

    Args:
        status: the HTTP status.
        message: what is wrong, and where, for the developer of the client.
        code: what programs can tell the problem by, finer than the status.
        headers: headers of the answer, such as Allow.

    """

    status: int
    message: str
    code: str = ""
    headers: Mapping[str, str] = {}

    def __str__(self) -> str:
        return f"{self.status}: {self.message}"

    def answer(self) -> Answer:
        """Return the answer with the TMF error body."""
        body = {
            "code": self.code or str(self.status),
            "reason": REASONS.get(self.status, "Error"),
            "message": self.message,
            "status": str(self.status),
            "@type": "Error",
        }
        return Answer(self.status, body, self.headers)
