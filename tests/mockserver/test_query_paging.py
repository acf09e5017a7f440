"""Pages, and the headers that tell where they stand."""

import re

from hypothesis import given
from hypothesis import strategies as st

from mockserver.query.paging import Page, cut, page_headers

URL = "http://host/promotion"


@given(total=st.integers(0, 40), limit=st.integers(1, 12))
def test_pages_of_any_limit_partition_the_result(total, limit):
    items = list(range(total))
    pages = [cut(items, Page(offset, limit)) for offset in range(0, total, limit)]
    assert [item for page in pages for item in page] == items
    assert all(len(page) <= limit for page in pages)


@given(total=st.integers(1, 30), limit=st.integers(1, 7))
def test_the_next_links_lead_through_the_whole_result_to_last(total, limit):
    items, seen, page = list(range(total)), [], Page(0, limit)
    last = None
    while True:
        body = cut(items, page)
        seen.extend(body)
        link = page_headers(page, total, len(body), URL, "").get("Link", "")
        found = re.search(r'offset=(\d+)&limit=\d+>; rel="next"', link)
        last = re.search(r'offset=(\d+)&limit=\d+>; rel="last"', link) or last
        if not found:
            break
        page = Page(int(found[1]), limit)
    assert seen == items
    assert page.offset == (int(last[1]) if last else 0)


def test_a_page_in_the_middle_has_all_headers():
    assert page_headers(Page(4, 2), 7, 2, URL, "name=a&offset=4&sort=-name&limit=2") == {
        "X-Total-Count": "7",
        "X-Result-Count": "2",
        "Content-Range": "items 5-6/7",
        "Link": f'<{URL}?name=a&sort=-name&offset=0&limit=2>; rel="first", '
        f'<{URL}?name=a&sort=-name&offset=2&limit=2>; rel="prev", '
        f'<{URL}?name=a&sort=-name&offset=6&limit=2>; rel="next", '
        f'<{URL}?name=a&sort=-name&offset=6&limit=2>; rel="last"',
    }


def test_a_whole_result_has_only_counts():
    assert page_headers(Page(), 3, 3, URL, "name=a") == {
        "X-Total-Count": "3",
        "X-Result-Count": "3",
    }


def test_a_page_beyond_the_end_is_empty_and_links_back():
    assert cut([1, 2, 3], Page(10, 2)) == []
    headers = page_headers(Page(10, 2), 3, 0, URL, "")
    assert headers["Content-Range"] == "items */3"
    assert 'rel="next"' not in headers["Link"]
    assert f'<{URL}?offset=2&limit=2>; rel="last"' in headers["Link"]


def test_any_number_of_digits_may_be_asked_for():
    page = Page(10**40, 10**40)
    assert cut([1, 2, 3], page) == []
    assert page_headers(page, 3, 0, URL, "")["X-Total-Count"] == "3"


def test_limit_zero_counts_without_links():
    headers = page_headers(Page(0, 0), 3, 0, URL, "limit=0")
    assert headers == {
        "X-Total-Count": "3",
        "X-Result-Count": "0",
        "Content-Range": "items */3",
    }


def test_a_link_cannot_be_ended_by_the_query():
    link = page_headers(Page(0, 1), 2, 1, URL, 'name=>;rel="x ä')["Link"]
    assert "name=%3E;rel=%22x%20%C3%A4&" in link


def test_the_server_may_cap_a_page():
    assert Page(3, 50).capped(10) == Page(3, 10)
    assert Page(3).capped(10) == Page(3, 10)
    assert Page(3, 5).capped(10) == Page(3, 5)
    assert Page(3).capped(None) == Page(3)
