"""What is no HTTP gets the TMF error body all the same, and the connection ends."""

import json
import socket

import pytest


def answer_to(mock, sent):
    host, _, port = mock.root.split("/")[2].partition(":")
    received = b""
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(sent)
        while chunk := connection.recv(65536):
            received += chunk
    head, _, body = received.partition(b"\r\n\r\n")
    return head.decode().split("\r\n"), body


@pytest.mark.parametrize(
    "sent",
    [
        b"GE(T / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Odd: a\x00b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n: nameless\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
def test_a_request_that_cannot_be_read_is_answered_400_with_the_error_body(start, sent):
    head, body = answer_to(start(), sent)
    assert head[0].split(" ")[1] == "400"
    headers = {line.split(":")[0].lower(): line.split(": ")[1] for line in head[1:]}
    assert headers["content-type"] == "application/json;charset=utf-8"
    error = json.loads(body)
    assert (error["code"], error["status"], error["reason"]) == ("400", "400", "Bad request")
    assert error["message"].startswith("this is no HTTP request: ")
