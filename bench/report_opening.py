# ruff: noqa: INP001, T201  a script of its own, and printing is what it does
"""How long Chromium takes to open the report of a long run: 5,000 exchanges, bodies of 64 KiB.

    python bench/report_opening.py [ROUNDS]

Prints the size of the page, the time of making it, and of each opening from navigation to a list
that answers: a filter was set and its count has followed.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from reports import html
from reports.results import (
    OUTCOMES,
    Check,
    Cleanup,
    Exchange,
    Header,
    Request,
    Response,
    Results,
    Target,
    Tool,
)

EXCHANGES = 5_000
CHECKS = 200
BODY = '{"note": "' + "x" * 65_536 + '"}'
ROOT = "http://127.0.0.1:8671/tmf-api/promotionManagement/v4"
HEADERS = tuple(Header(f"X-Header-{n}", "value " * 4) for n in range(8))


def long_run() -> Results:
    """Return a run of CHECKS checks, a tenth of them failed, over EXCHANGES exchanges."""
    exchanges = tuple(_exchange(n) for n in range(1, EXCHANGES + 1))
    checks = tuple(_check(n) for n in range(CHECKS))
    counts = {outcome: sum(c.outcome == outcome for c in checks) for outcome in OUTCOMES}
    return Results(
        tool=Tool("tmf671", "0"),
        started="2026-01-01T00:00:00Z",
        ended="2026-01-01T00:10:00Z",
        seed=1,
        target=Target(url=ROOT, api_version="4.1.0", capabilities={}),
        options={},
        verdict="not-conformant",
        verdict_reason=f"{counts['failed']} of {CHECKS} mandatory checks failed",
        scope="full",
        summary=counts | {"total": CHECKS, "requests": EXCHANGES, "bytes": EXCHANGES * len(BODY)},
        checks=checks,
        exchanges=exchanges,
        requirements=(),
        cleanup=Cleanup(created=0, deleted=0),
    )


def _exchange(n: int) -> Exchange:
    url = f"{ROOT}/promotion/{n}"
    return Exchange(
        n=n,
        at="2026-01-01T00:00:00Z",
        check=None,
        request=Request(method="GET", url=url, headers=HEADERS, body=None, bytes=0),
        response=Response(status=200, reason="OK", headers=HEADERS, body=BODY, bytes=len(BODY)),
        duration_ms=n % 100 + 0.5,
        curl=f"curl -i {url}",
    )


def _check(n: int) -> Check:
    each = EXCHANGES // CHECKS
    return Check(
        id=f"TMF671-BENCH-{n}",
        title=f"check number {n} holds",
        section=f"section {n % 20}",
        level="must",
        requirements=(),
        outcome="failed" if n % 10 == 0 else "passed",
        blocked_by=None,
        expected={"status": 200, "body": ["a", "b"]},
        observed={"status": 500, "body": ["a"]},
        message=f"finding number {n}",
        duration_ms=1.0,
        exchanges=tuple(range(n * each + 1, (n + 1) * each + 1)),
    )


def opening_seconds(page_url: str, rounds: int) -> list[float]:
    """Return the seconds of each opening in a fresh context of one browser."""
    taken = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for _ in range(rounds):
            page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
            start = time.perf_counter()
            page.goto(page_url, wait_until="load")
            page.locator(".chip.failed").click()
            page.wait_for_function("document.querySelector('#shown').textContent.startsWith('20')")
            taken.append(time.perf_counter() - start)
            page.context.close()
        browser.close()
    return taken


def main() -> None:
    """Make the report of a long run, open it, print what it took."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    results = long_run()
    start = time.perf_counter()
    content = html.render(results).encode()
    made = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.html"
        path.write_bytes(content)
        taken = opening_seconds(path.as_uri(), rounds)
    print(f"page: {len(content) / (1 << 20):.1f} MiB, made in {made:.2f} s")
    listed = ", ".join(f"{seconds:.2f}" for seconds in taken)
    print(f"opened in {listed} s; median {statistics.median(taken):.2f} s")


if __name__ == "__main__":
    main()
