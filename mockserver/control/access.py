"""Who may use the control API."""

from mockserver.errors import ProblemError
from mockserver.exchange import Call
from mockserver.settings import Settings
from mockserver.tokens import bearer, same


def check_access(settings: Settings, call: Call) -> None:
    """Check that a call may control the mock.

    A page of another origin may not: browsers send simple requests across origins without asking,
    and a mock on a developer's machine would otherwise obey any web page.

    Raises:
        ProblemError: 403, the control API is off, or the call comes from a page of another origin;
            401, it lacks the admin token.

    """
    if not settings.control:
        raise ProblemError(403, "the control API is off; start the mock with --admin-token")
    page = call.headers.get("Origin")
    if page is not None and page.partition("//")[2] != call.origin.partition("//")[2]:
        raise ProblemError(403, f"pages of {page!a:.200} may not control this mock")
    if settings.admin_token is None:
        return
    token = bearer(call.headers)
    if token is None or not same(token, settings.admin_token):
        raise ProblemError(
            401,
            "the control API needs the admin token as a bearer token",
            headers={"WWW-Authenticate": 'Bearer realm="tmf671 control"'},
        )
