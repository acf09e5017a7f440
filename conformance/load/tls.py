"""TLS of the load: whom to trust, and who the client is."""

from __future__ import annotations

import ssl
from collections.abc import Callable

from conformance.connection import Connection


def context_for(connection: Connection) -> Callable[[], ssl.SSLContext]:
    """Return what makes the context of a connection pool."""

    def context() -> ssl.SSLContext:
        made = ssl.create_default_context(cafile=connection.ca)
        if connection.insecure:
            made.check_hostname = False
            made.verify_mode = ssl.CERT_NONE
        if connection.certificate is not None:
            made.load_cert_chain(connection.certificate, connection.key)
        return made

    return context
