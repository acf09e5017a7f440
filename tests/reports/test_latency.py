import msgspec
import pytest

from reports.latency import operations, path_template

ROOT = "http://crm.example.net:8080/tmf-api/promotionManagement/v4"


@pytest.fixture
def timed(results):
    """Return a function that gives the operations of exchanges (method, path, milliseconds)."""
    model = results.exchanges[0]

    def run(*exchanges, **more):
        made = tuple(
            msgspec.structs.replace(
                model,
                n=n,
                duration_ms=time,
                request=msgspec.structs.replace(model.request, method=method, url=ROOT + path),
                **more,
            )
            for n, (method, path, time) in enumerate(exchanges, 1)
        )
        return operations(msgspec.structs.replace(results, exchanges=made))

    return run


@pytest.mark.parametrize(
    ("url", "path"),
    [
        (f"{ROOT}/promotion", "/promotion"),
        (f"{ROOT}/promotion/", "/promotion"),
        (f"{ROOT}/promotion?limit=2", "/promotion"),
        (f"{ROOT}/promotion/42?fields=name", "/promotion/{id}"),
        (f"{ROOT}/promotion/a%2Fb", "/promotion/{id}"),
        (f"{ROOT}/hub/7", "/hub/{id}"),
        (f"{ROOT}/promotion/42/more", None),
        (f"{ROOT}/nothing", None),
        (f"{ROOT}x/promotion", None),
        ("http://127.0.0.1:9/listener", None),
        ("http://[broken/promotion", None),
    ],
)
def test_an_operation_has_the_path_with_its_id_as_a_template(url, path):
    assert path_template(url, ROOT) == path


def test_a_root_with_a_final_slash_is_the_same_root():
    assert path_template(f"{ROOT}/promotion", f"{ROOT}/") == "/promotion"


def test_median_nearest_rank_and_longest_are_those_of_the_operation(timed):
    (read,) = timed(*(("GET", f"/promotion/{n}", float(n)) for n in range(1, 21)))
    assert (read.method, read.path, read.count) == ("GET", "/promotion/{id}", 20)
    assert (read.median, read.p95, read.maximum) == (10.5, 19.0, 20.0)


def test_the_buckets_run_from_the_fastest_to_the_slowest_of_all(timed):
    created, listed = timed(("GET", "/promotion", 3.0), ("POST", "/promotion", 20.0))[::-1]
    assert [(b.low, b.high, b.count) for b in listed.buckets] == [
        (2, 5, 1),
        (5, 10, 0),
        (10, 20, 0),
        (20, 50, 0),
    ]
    assert [b.count for b in created.buckets] == [0, 0, 0, 1]


def test_the_first_bucket_begins_at_nothing_and_the_last_never_ends(timed):
    (read,) = timed(("GET", "/hub/1", 0.2), ("GET", "/hub/1", 30_000.0))
    assert (read.buckets[0].low, read.buckets[0].high) == (0, 1)
    assert (read.buckets[-1].low, read.buckets[-1].high) == (10_000, None)


def test_operations_are_in_the_order_of_the_api(timed):
    found = timed(
        ("PROPFIND", "/elsewhere", 1.0),
        ("DELETE", "/hub/1", 1.0),
        ("DELETE", "/promotion/1", 1.0),
        ("POST", "/promotion", 1.0),
        ("GET", "/promotion/1", 1.0),
        ("GET", "/promotion", 1.0),
    )
    assert [(o.method, o.path) for o in found] == [
        ("GET", "/promotion"),
        ("POST", "/promotion"),
        ("GET", "/promotion/{id}"),
        ("DELETE", "/promotion/{id}"),
        ("DELETE", "/hub/{id}"),
        ("PROPFIND", None),
    ]


def test_requests_without_an_answer_are_counted_apart(results):
    errors = next(o for o in operations(results) if o.path == "/promotion" and o.method == "POST")
    assert (errors.count, errors.unanswered) == (3, 1)


def test_an_operation_that_was_never_answered_has_no_latency(timed):
    assert timed(("GET", "/promotion", 1.0), response=None) == ()


def test_events_that_the_target_sent_are_not_its_answers(timed):
    assert timed(("POST", "/listener", 1.0), direction="received") == ()
