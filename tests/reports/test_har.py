import json
from datetime import datetime

import jsonschema
import msgspec
import pytest

from reports import har

TEXT, NUMBER, COUNT = {"type": "string"}, {"type": "number"}, {"type": "integer"}


def thing(required, **optional):
    return {
        "type": "object",
        "required": list(required),
        "properties": required | optional | {"comment": TEXT},
        "additionalProperties": False,
    }


PAIRS = {"type": "array", "items": thing({"name": TEXT, "value": TEXT})}
SINCE = {"type": "number", "minimum": -1}
MESSAGE = {
    "httpVersion": TEXT,
    "cookies": {"type": "array", "maxItems": 0},
    "headers": PAIRS,
    "headersSize": COUNT,
    "bodySize": COUNT,
}
# The objects of the HAR 1.2 specification that this report writes, with what they must have.
HAR = thing(
    {
        "log": thing(
            {
                "version": {"const": "1.2"},
                "creator": thing({"name": TEXT, "version": TEXT}),
                "entries": {
                    "type": "array",
                    "items": thing(
                        {
                            "startedDateTime": {"type": "string", "format": "date-time"},
                            "time": {"type": "number", "minimum": 0},
                            "request": thing(
                                MESSAGE | {"method": TEXT, "url": TEXT, "queryString": PAIRS},
                                postData=thing({"mimeType": TEXT, "text": TEXT}),
                            ),
                            "response": thing(
                                MESSAGE
                                | {
                                    "status": COUNT,
                                    "statusText": TEXT,
                                    "content": thing({"size": COUNT, "mimeType": TEXT}, text=TEXT),
                                    "redirectURL": TEXT,
                                }
                            ),
                            "cache": thing({}),
                            "timings": thing(
                                {"send": SINCE, "wait": SINCE, "receive": SINCE},
                                blocked=SINCE,
                                dns=SINCE,
                                connect=SINCE,
                                ssl=SINCE,
                            ),
                        }
                    ),
                },
            },
            browser=thing({"name": TEXT, "version": TEXT}),
        )
    }
)


def entries(results):
    return json.loads(har.render(results))["log"]["entries"]


@pytest.mark.parametrize("run", ["results", "passed_results", "hostile_results"])
def test_the_archive_is_har_1_2(request, run):
    archive = json.loads(har.render(request.getfixturevalue(run)))
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(HAR, format_checker=checker).validate(archive)


def test_every_exchange_is_an_entry_by_the_time_it_began(results):
    found = entries(results)
    assert len(found) == len(results.exchanges) == 10
    times = [datetime.fromisoformat(entry["startedDateTime"]) for entry in found]
    assert times == sorted(times)
    assert found[0]["comment"] == "exchange 1 in results.json"
    assert found[1]["comment"] == "exchange 2 in results.json; TMF671-CREATE-201"


def test_request_and_answer_are_whole(results):
    entry = entries(results)[1]
    request, response = entry["request"], entry["response"]
    assert request["method"] == "POST"
    assert request["postData"]["mimeType"] == "application/json"
    assert request["postData"]["text"] == results.exchanges[1].request.body
    assert request["bodySize"] == results.exchanges[1].request.bytes
    assert (response["status"], response["statusText"]) == (201, "Created")
    assert response["content"]["mimeType"] == "application/json;charset=utf-8"
    assert response["content"]["text"] == results.exchanges[1].response.body
    assert entry["time"] == entry["timings"]["wait"] == pytest.approx(14.4)


def test_the_query_is_taken_apart(results):
    (entry,) = [one for one in entries(results) if "?name=Double" in one["request"]["url"]]
    assert entry["request"]["queryString"] == [{"name": "name", "value": "Double data weekend"}]


def test_credentials_stay_masked(results):
    assert {"name": "Authorization", "value": "***"} in entries(results)[0]["request"]["headers"]


def test_an_exchange_without_an_answer_has_status_0_and_says_why(results):
    entry = entries(results)[-1]
    assert entry["response"]["status"] == 0
    assert entry["response"]["content"] == {"size": 0, "mimeType": "x-unknown"}
    assert entry["comment"].endswith("TMF671-ERRORS-415; no answer: connection reset")


def test_a_received_event_is_told_as_one(results):
    event = msgspec.structs.replace(results.exchanges[1], direction="received", check=None)
    (entry,) = entries(msgspec.structs.replace(results, exchanges=(event,)))
    assert entry["comment"] == (
        "exchange 2 in results.json; an event that the target posted to the suite's listener"
    )


def test_a_redirection_and_a_cut_body_are_told(results):
    old = results.exchanges[0]
    header = msgspec.structs.replace(old.response.headers[0], name="location", value="/elsewhere")
    answer = msgspec.structs.replace(
        old.response, status=302, headers=(header,), body="half", truncated=True
    )
    exchange = msgspec.structs.replace(old, response=answer)
    (entry,) = entries(msgspec.structs.replace(results, exchanges=(exchange,)))
    assert entry["response"]["redirectURL"] == "/elsewhere"
    assert entry["response"]["content"] == {
        "size": 4,
        "mimeType": "x-unknown",
        "text": "half",
        "comment": "the beginning of a longer body",
    }


def test_a_url_that_is_none_has_no_query(results):
    broken = msgspec.structs.replace(results.exchanges[0].request, url="http://[::1/?a=b")
    exchange = msgspec.structs.replace(results.exchanges[0], request=broken)
    (entry,) = entries(msgspec.structs.replace(results, exchanges=(exchange,)))
    assert entry["request"]["queryString"] == []
