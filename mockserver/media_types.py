"""Media types of requests and answers."""

from collections.abc import Iterable

from mockserver.errors import ProblemError

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
JSON_PATCH = "application/json-patch+json"
JSON_PATCH_QUERY = "application/json-patch-query+json"
PATCH_TYPES = (MERGE_PATCH, JSON, JSON_PATCH, JSON_PATCH_QUERY)
JSON_UTF8 = "application/json;charset=utf-8"


def check_content_type(
    content_type: str | None, accepted: Iterable[str], advertise: str = "Accept"
) -> str:
    """Return the media type of a body, lower case and without parameters.

    Args:
        content_type: the request's Content-Type header.
        accepted: the media types that the operation takes.
        advertise: the header of the refusal that lists `accepted`.

    Raises:
        ProblemError: 415, it is none of them or has a charset other than UTF-8 (RFC 9110 §15.5.16;
            RFC 5789 §2.2 for Accept-Patch).

    """
    kinds = list(accepted)
    if content_type in kinds:
        return content_type
    media_type, _, parameters = (content_type or "").partition(";")
    media_type = media_type.strip().lower()
    if media_type not in kinds:
        raise ProblemError(
            415,
            f"Content-Type is {_shown(content_type)}; accepted: {', '.join(kinds)}",
            headers={advertise: ", ".join(kinds)},
        )
    charset = _parameter(parameters, "charset")
    if charset not in {"", "utf-8", "utf8", "us-ascii"}:
        refused = f"charset {_shown(charset)} is not accepted, only utf-8"
        raise ProblemError(415, refused, headers={advertise: media_type})
    return media_type


def check_accept(accept: str | None) -> None:
    """Check that the client takes JSON.

    Raises:
        ProblemError: 406, `accept` excludes application/json (RFC 9110 §12.5.1).

    """
    if accept is None or accept in {"*/*", JSON, ""}:
        return
    best = (0, 0.0)
    for part in accept.split(","):
        media_range, _, parameters = part.partition(";")
        precision = {JSON: 3, "application/*": 2, "*/*": 1}.get(media_range.strip().lower(), 0)
        if precision:
            best = max(best, (precision, _quality(parameters)))
    if best[1] <= 0:
        raise ProblemError(406, f"Accept is {_shown(accept)}; the only representation is {JSON}")


def _shown(header: str | None) -> str:
    """Return a header as messages show it: shortened, and with escapes for what is no text."""
    return header[:200].encode("utf-8", "backslashreplace").decode() if header else "absent"


def _quality(parameters: str) -> float:
    try:
        return float(_parameter(parameters, "q") or 1)
    except ValueError:
        return 1.0


def _parameter(parameters: str, wanted: str) -> str:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == wanted:
            return value.strip().strip('"').lower()
    return ""
