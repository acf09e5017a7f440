"""Credentials of every kind as they arrive at a server, and tokens that are fetched for them."""

import base64
import json
import threading
from urllib.parse import parse_qs

import pytest
from hostile import Hostile, answering, head, never_answers, raw

from conformance.authorization import Authorization
from conformance.client import Client
from conformance.connection import Connection, OAuth
from conformance.outcomes import CredentialsRefused, RunEnded, TransportError
from conformance.recorder import Recorder

NOBODY = "http://127.0.0.1:1/token"


class TokenEndpoint(Hostile):
    """Gives token-1, token-2 and so on."""

    def __init__(self, **more):
        def mode(_server, connection, request, number):
            token = {"access_token": f"token-{number}", "token_type": "Bearer", "expires_in": 3600}
            return answering(200, json.dumps(token | more).encode())(self, connection, request, 0)

        super().__init__(mode)


def api(accepted):
    """A server that answers 401 to every Authorization but the accepted ones."""

    def mode(_server, connection, request, _number):
        status = 200 if request[2].get("Authorization") in accepted else 401
        return answering(status, b"[]")(None, connection, request, 0)

    return Hostile(mode)


def oauth(url, **more):
    return OAuth(token_url=url, client_id="kit & co", client_secret="s3cret/+ä", **more)


def client(url, **connection):
    return Client(url, Recorder(), connection=Connection(total_timeout=5.0, **connection))


def sent(server):
    return [request[2].get("Authorization") for request in server.requests]


@pytest.mark.parametrize(
    ("connection", "name", "value"),
    [
        ({"bearer": "abc.def"}, "Authorization", "Bearer abc.def"),
        ({"basic": "me:pass:word"}, "Authorization", "Basic bWU6cGFzczp3b3Jk"),
        ({"basic": "mé:ü"}, "Authorization", "Basic bcOpOsO8"),
        ({"api_key": ("X-API-Key", "k3y")}, "X-API-Key", "k3y"),
    ],
)
def test_a_fixed_credential_goes_with_every_request(connection, name, value):
    with Hostile(answering(200, b"[]")) as server:
        one = client(server.url, **connection)
        one.send("GET", "/promotion")
        one.send("DELETE", "/promotion/1")
        one.close()
        assert [request[2].get(name) for request in server.requests] == [value, value]


def test_the_secret_goes_by_basic_authentication_with_both_parts_form_encoded():
    with TokenEndpoint() as tokens, api({"Bearer token-1"}) as server:
        one = client(server.url, oauth=oauth(tokens.url, scope="a b", audience="https://crm"))
        assert one.send("GET", "/promotion").status == 200
        one.close()
        ((method, _, headers, form),) = tokens.requests
    assert method == "POST"
    scheme, _, pair = headers["Authorization"].partition(" ")
    assert (scheme, base64.b64decode(pair)) == ("Basic", b"kit+%26+co:s3cret%2F%2B%C3%A4")
    assert parse_qs(form.decode()) == {
        "grant_type": ["client_credentials"],
        "scope": ["a b"],
        "audience": ["https://crm"],
    }


def test_the_secret_goes_in_the_form_when_asked_for():
    with TokenEndpoint() as tokens, api({"Bearer token-1"}) as server:
        one = client(server.url, oauth=oauth(tokens.url, client_auth="post"))
        one.send("GET", "/promotion")
        one.close()
        ((_, _, headers, form),) = tokens.requests
    assert "Authorization" not in headers
    assert parse_qs(form.decode()) == {
        "grant_type": ["client_credentials"],
        "client_id": ["kit & co"],
        "client_secret": ["s3cret/+ä"],
    }


def test_a_token_is_fetched_once_for_many_requests_and_threads():
    with TokenEndpoint() as tokens, api({"Bearer token-1"}) as server:
        one = client(server.url, oauth=oauth(tokens.url))
        threads = [threading.Thread(target=one.send, args=("GET", "/promotion")) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        one.close()
        assert sent(server) == ["Bearer token-1"] * 8
        assert len(tokens.requests) == 1


def test_a_401_renews_the_token_once_and_sends_the_request_again():
    with TokenEndpoint() as tokens, api({"Bearer token-2"}) as server:
        one = client(server.url, oauth=oauth(tokens.url))
        assert one.send("POST", "/promotion", json_body={"name": "n"}).status == 200
        one.close()
        assert sent(server) == ["Bearer token-1", "Bearer token-2"]
        assert server.requests[1][3] == b'{"name": "n"}'


def test_a_401_that_a_new_token_does_not_mend_is_an_answer_like_any_other():
    with TokenEndpoint() as tokens, api({"Bearer none"}) as server:
        one = client(server.url, oauth=oauth(tokens.url))
        assert one.send("GET", "/promotion").status == 401
        one.close()
        assert sent(server) == ["Bearer token-1", "Bearer token-2"]


@pytest.mark.parametrize(
    ("expires_in", "kept"),
    [
        (3600, 3570),
        (40, 20),
        (1, 1),
        (0, 1),
        (-5, 1),
        ("120", 90),
        (1e308, 1e308),
        (10**400, 270),
        ("soon", 270),
        (None, 270),
        ([1], 270),
    ],
)
def test_a_token_is_renewed_before_its_end(expires_in, kept):
    now, fetched = [0.0], []

    def post(_url, _headers, _form):
        fetched.append(now[0])
        return 200, {"access_token": f"t{len(fetched)}", "expires_in": expires_in}

    one = Authorization(Connection(oauth=oauth(NOBODY)), post, clock=lambda: now[0])
    assert one.headers() == {"Authorization": "Bearer t1"}
    now[0] = kept * 0.999
    assert one.headers() == {"Authorization": "Bearer t1"}
    now[0] = kept * 1.001
    assert one.headers() == {"Authorization": "Bearer t2"}


def test_a_token_that_another_thread_has_renewed_is_not_thrown_away():
    tokens = iter(["one", "two", "three"])
    one = Authorization(
        Connection(oauth=oauth(NOBODY)), lambda *_: (200, {"access_token": next(tokens)})
    )
    refused = one.headers()
    assert one.renew(refused)
    assert one.headers() == {"Authorization": "Bearer two"}
    assert one.renew(refused)
    assert one.headers() == {"Authorization": "Bearer two"}


def test_a_fixed_credential_cannot_be_renewed():
    one = Authorization(Connection(bearer="abcd"), lambda *_: pytest.fail("asked for a token"))
    assert not one.renew(one.headers())


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        (answering(200, b"<html></html>", media="text/html"), "answered 200 and no usable token"),
        (answering(200, b"[]"), "answered 200 and no usable token"),
        (answering(200, b"{}"), "answered 200 and no usable token"),
        (answering(200, b'{"access_token": ""}'), "no usable token"),
        (answering(200, b'{"access_token": "a\\r\\nX: y"}'), "no usable token"),
        (answering(200, b'{"access_token": "\\u00e4"}'), "no usable token"),
        (answering(401, b'{"error": "invalid_client"}'), r"answered 401 \(invalid_client\)"),
        (answering(302, b"", [("Location", "/login")]), "answered 302"),
        (raw(b"nonsense\r\n"), "not HTTP"),
        (raw(), "closed without an answer"),
        (never_answers, "timed out"),
    ],
)
def test_an_endpoint_without_a_token_ends_the_run_in_words(mode, words):
    with Hostile(mode) as tokens, api({"x"}) as server:
        one = Client(
            server.url,
            Recorder(),
            timeout=0.5,
            connection=Connection(total_timeout=1.0, retries=0, oauth=oauth(tokens.url)),
        )
        with pytest.raises(CredentialsRefused, match=words) as caught:
            one.send("GET", "/promotion")
        one.close()
        assert server.requests == []
    assert "s3cret" not in str(caught.value)


def test_an_endpoint_that_is_down_ends_the_run_in_words():
    one = client("http://127.0.0.1:1/v4", oauth=oauth(NOBODY), retries=0)
    with pytest.raises(RunEnded, match=r"no token can be fetched: POST .*nothing listens there"):
        one.send("GET", "/promotion")


def test_what_is_exchanged_for_a_token_is_recorded_without_it():
    with TokenEndpoint(refresh_token="r3fresh") as tokens, api({"Bearer token-1"}) as server:
        one = client(server.url, oauth=oauth(tokens.url, client_auth="post"))
        one.send("GET", "/promotion")
        one.close()
        recorded = repr(one.recorder.since(0))
    assert len(one.recorder.since(0)) == 2
    for secret in ("s3cret", "token-1", "r3fresh"):
        assert secret not in recorded


def test_credentials_do_not_go_to_another_origin():
    with Hostile(answering(200)) as stranger, api({"Bearer abcd"}) as server:
        one = Client(
            server.url,
            Recorder(),
            headers={"X-Tenant": "blue"},
            connection=Connection(bearer="abcd", api_key=("X-API-Key", "k3yk3y")),
        )
        assert one.send("GET", server.url + "/promotion").status == 200
        assert one.send("GET", stranger.url + "/promotion").status == 200
        one.close()
        assert server.requests[0][2]["X-Tenant"] == "blue"
        ((_, _, headers, _),) = stranger.requests
    assert not {"Authorization", "X-Tenant", "X-API-Key"} & set(headers)


def test_a_redirect_takes_no_credential_anywhere():
    with Hostile(answering(200)) as stranger:
        location = [("Location", stranger.url + "/promotion")]
        with Hostile(answering(302, b"", location)) as server:
            one = client(server.url, bearer="abcd", retries=0)
            assert one.send("GET", "/promotion").status == 302
            one.close()
        assert stranger.requests == []


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "accepts the credentials no longer"),
        (403, "refuses everything"),
        (307, "redirects everything"),
        (504, "out of service"),
    ],
)
def test_a_target_that_answers_everything_alike_ends_the_run(status, words):
    def mode(_server, connection, request, number):
        code = 200 if number == 1 else status
        return answering(code, b"[]")(None, connection, request, number)

    with Hostile(mode) as server:
        one = client(server.url)
        one.send("GET", "/promotion")
        with pytest.raises(RunEnded, match=words):
            one.send("POST", "/promotion", json_body={})
        one.close()


def test_one_refused_operation_is_an_answer_like_any_other():
    def mode(_server, connection, request, number):
        code = 403 if request[0] == "PATCH" else 200
        return answering(code, b"[]")(None, connection, request, number)

    with Hostile(mode) as server:
        one = client(server.url)
        one.send("GET", "/promotion")
        assert one.send("PATCH", "/promotion/1", json_body={}).status == 403
        one.close()


def test_a_header_that_cannot_be_sent_is_an_error_in_words():
    one = Client("http://127.0.0.1:1/v4", Recorder(), headers={"X-Secret": "abcd\r\nefgh"})
    with pytest.raises(TransportError, match="cannot be sent") as caught:
        one.send("GET", "/promotion")
    assert "abcd" not in str(caught.value)


def test_a_connection_is_used_for_many_requests():
    def mode(_server, connection, request, _number):
        status = {"GET": 200, "HEAD": 200, "POST": 201, "DELETE": 204}[request[0]]
        if status == 204:
            connection.sendall(head(204, []))
            return True
        return answering(status, b"[]")(None, connection, request, 0)

    with Hostile(mode) as server:
        one = client(server.url)
        for method in ("GET", "POST", "HEAD", "DELETE", "GET", "POST"):
            one.send(method, "/promotion")
        one.close()
        assert (len(server.requests), server.accepted) == (6, 1)


def test_a_get_is_sent_again_after_a_connection_error_and_each_time_recorded():
    def mode(_server, connection, request, number):
        return number > 2 and answering(200, b"[]")(None, connection, request, 0)

    with Hostile(mode) as server:
        one = client(server.url, retries=2)
        assert one.send("GET", "/promotion").status == 200
        one.close()
        errors = [exchange.error for exchange in one.recorder.since(0)]
    assert errors == ["the connection was closed without an answer"] * 2 + [None]


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE", "PUT"])
def test_what_changes_something_is_sent_once(method):
    with Hostile(raw()) as server:
        one = client(server.url, retries=5)
        with pytest.raises(TransportError, match="closed without an answer"):
            one.send(method, "/promotion/1")
        one.close()
        assert len(server.requests) == 1
