"""Input that no client should send, and input that is merely large (RFC 9110 §15.5 and §15.6)."""

from __future__ import annotations

from conformance.catalogue import check
from conformance.conditions import equal, json_object, no_fault, refused, status
from conformance.levels import MUST, SHOULD
from conformance.outcomes import NotApplicable
from conformance.samples import Sample
from conformance.target import Target, identity_of

JSON = {"Content-Type": "application/json"}
LONG = 20_000


@check("TMF671-ROBUST-EMPTY", level=MUST, requirements=["R-G43-MALFORMED"], needs=["create"])
def empty_body(target: Target) -> None:
    """A create with an empty body is refused as the client's mistake.

    Any 4xx passes.
    """
    refused(target.create_raw(content=b"", headers=JSON))


@check("TMF671-ROBUST-ARRAY", level=SHOULD, requirements=["R-G43-BAD-TYPE"], needs=["create"])
def array_body(target: Target) -> None:
    """A create whose body is an array of texts is refused as the client's mistake.

    Any 4xx passes.
    """
    refused(target.create_raw(content=b'["promotion"]', headers=JSON))


@check("TMF671-ROBUST-NESTING", level=SHOULD, requirements=["R-W01-ROBUST-INPUT"], needs=["create"])
def deep_nesting(target: Target) -> None:
    """A body that is nested 5,000 deep meets no fault.

    Refusing and accepting it both pass.
    """
    name = f"{target.mark} deep".encode()
    body = b'{"name": "' + name + b'", "x": ' + b"[" * 5000 + b"]" * 5000 + b"}"
    no_fault(target.create_raw(content=body, headers=JSON))


@check(
    "TMF671-ROBUST-ENCODING", level=SHOULD, requirements=["R-W01-ROBUST-INPUT"], needs=["create"]
)
def invalid_utf8(target: Target) -> None:
    """A body that is not UTF-8 meets no fault.

    Refusing it and replacing the bytes both pass.
    """
    body = b'{"name": "' + target.mark.encode() + b' caf\xe9 \xff"}'
    no_fault(target.create_raw(content=body, headers=JSON))


@check("TMF671-ROBUST-NUMBER", level=SHOULD, requirements=["R-W01-ROBUST-INPUT"], needs=["create"])
def impossible_number(target: Target) -> None:
    """A number that no type holds, and NaN, meet no fault.

    Refusing and accepting them both pass.
    """
    for number in (b"1e400", b"NaN", b"-" + b"9" * 400):
        name = f"{target.mark} number".encode()
        body = b'{"name": "' + name + b'", "pattern": [{"priority": ' + number + b"}]}"
        no_fault(target.create_raw(content=body, headers=JSON))


@check("TMF671-ROBUST-LONG-TEXT", level=MUST, requirements=["R-G20-WHOLE"], needs=["create"])
def long_text(target: Target) -> None:
    """A long description that is accepted comes back whole.

    20,000 characters; refusing them with a 4xx passes.
    """
    text = "长" * (LONG // 2) + "x" * (LONG // 2)
    answer = no_fault(target.create(target.promotion("long text", description=text)))
    if not answer.succeeded:
        raise NotApplicable("the target refuses a description of 20,000 characters")
    body = json_object(status(target.retrieve(identity_of(answer) or ""), 200))
    equal("the length of the description", LONG, len(str(body.get("description"))))
    equal("the description", text, body.get("description"))


@check("TMF671-ROBUST-ID", level=MUST, requirements=["R-P02-GET-404"], writes=False)
def strange_id(target: Target, known: Sample) -> None:
    """An id with characters that URLs and databases give a meaning to is simply not found.

    400 and 404 pass. The characters are percent-encoded.
    """
    for strange in (f"{known.id}' OR '1'='1", f"{known.id}\u0000", "../promotion", "%", "*"):
        status(target.retrieve(strange), 400, 404)


@check("TMF671-ROBUST-QUERY", level=SHOULD, requirements=["R-W01-ROBUST-INPUT"], writes=False)
def strange_query(target: Target) -> None:
    """A query that is malformed, or long, meets no fault.

    Refusing and ignoring it both pass.
    """
    for query in ("=&&;=", "name=%FF%FE", "fields=" + "a," * 2000, "[]=$gt&name[]=1"):
        no_fault(target.list(query + "&limit=1"))
