"""What is wrong with a query string."""

from attrs import frozen


@frozen
class QueryError(Exception):
    """A part of the query string that has no meaning.

    Args:
        part: the part as the client wrote it, decoded.
        reason: why it has no meaning, as a clause to follow the part.

    """

    part: str
    reason: str

    def __str__(self) -> str:
        return f"{self.part!r:.300}: {self.reason:.300}"
