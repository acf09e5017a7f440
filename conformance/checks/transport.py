"""What an answer gives away, and what it forbids (OWASP REST Security Cheat Sheet).

TM Forum has no rule here, so nothing of this decides a verdict.
"""

from __future__ import annotations

import re

from conformance.catalogue import check
from conformance.conditions import header, that
from conformance.levels import MAY, SHOULD
from conformance.samples import Sample
from conformance.target import Target
from conformance.unknown import unknown_id

LEAK = re.compile(
    r"Traceback \(most recent|\bat [\w.$]+\([\w.]+\.java:\d+\)|^\s+at .+:\d+:\d+|"
    r"\b(java|javax|org\.springframework|org\.hibernate|com\.mongodb)\.[\w.]+(Exception|Error)\b|"
    r"\bSystem\.\w*Exception\b|ORA-\d{5}|SQLSTATE|\bSELECT .+ FROM \w|"
    r"(/usr/|/home/|/var/|/opt/|/app/)[\w./-]+\.\w+|[A-Z]:\\\\[\w\\\\]+",
    re.MULTILINE,
)
"""Stack traces of Python, Java, Node and .NET, messages of databases, paths of files."""


@check("TMF671-ERROR-LEAK", level=SHOULD, requirements=["R-W03-NO-LEAK"])
def errors_give_nothing_away(target: Target, known: Sample) -> None:
    """The bodies of errors show no stack trace, no query and no file of the server.

    Any words that are meant for the client pass.
    """
    answers = [
        target.retrieve(unknown_id(known.id, target.settings.seed)),
        target.create_raw(content=b"{", headers={"Content-Type": "application/json"}),
        target.create(target.promotion("", name={"en": "no text"})),
        target.list("limit=two"),
    ]
    for answer in answers:
        found = LEAK.search(answer.content.decode("utf-8", "replace"))
        that(
            answer.succeeded or found is None,
            "the body of an error shows the inside of the server",
            expected="words for the client",
            observed=found.group(0) if found else None,
        )


@check("TMF671-HEADER-NOSNIFF", level=MAY, requirements=["R-W04-NOSNIFF"], writes=False)
def browsers_do_not_guess(target: Target, known: Sample) -> None:
    """Answers carry X-Content-Type-Options: nosniff.

    A gateway in front of the target may add it; only that it arrives is looked at.
    """
    value = header(target.retrieve(known.id), "X-Content-Type-Options")
    that(value.lower() == "nosniff", "another value", expected="nosniff", observed=value)
