"""What the console is served with; how it works stands in test_console_in_chromium."""

import re

import pytest
import requests
from openapi_spec_validator import validate

from mockserver import console
from mockserver.embedded import running_mock
from mockserver.settings import Settings

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def get(client, path, **headers):
    origin = client.root.partition("/tmf-api")[0]
    return requests.get(origin + path, headers=headers, timeout=5)


def test_browsers_get_the_page_and_other_clients_an_error(shared):
    page = get(shared, "/", **BROWSER)
    assert page.status_code == 200
    assert page.headers["Content-Type"] == "text/html;charset=utf-8"
    assert "<h1>TMF671 mock</h1>" in page.text
    other = get(shared, "/")
    assert other.status_code == 404
    assert other.json()["message"] == "nothing is at /"
    origin = shared.root.partition("/tmf-api")[0]
    assert requests.post(f"{origin}/", headers=BROWSER, timeout=5).status_code == 404


def test_the_page_allows_nothing_from_elsewhere_and_nothing_inline(shared):
    page = get(shared, "/", **BROWSER)
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert not re.search(r"<style|\bon[a-z]+=|\bstyle=|https?://(?!127)", page.text)
    assert re.findall(r"<script[^>]*>", page.text) == [
        '<script type="module" src="/console/console.js">'
    ]


def test_everything_that_the_page_refers_to_is_there(shared):
    seen, waiting = {}, ["/console/console.js", "/console/console.css", "/console/icon.svg"]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        answer = get(shared, path)
        assert answer.status_code == 200, path
        seen[path] = answer.headers["Content-Type"]
        found = re.findall(r'from "\./([a-z]+\.js)"', answer.text)
        waiting.extend(f"/console/{name}" for name in found)
    names = {path.rpartition("/")[2] for path in seen}
    assert names >= {"console.js", "console.css", "icon.svg", "api.js", "form.js", "journal.js"}
    assert seen["/console/console.css"] == "text/css;charset=utf-8"
    assert seen["/console/api.js"] == "text/javascript;charset=utf-8"


def test_no_script_writes_markup():
    for file in console._PAGES.glob("*.js"):
        text = file.read_text()
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text
        )


@pytest.mark.parametrize("path", ["/console/", "/console/__init__.py", "/console/..%2Fapp.py"])
def test_nothing_else_of_the_package_is_served(shared, path):
    assert get(shared, path).status_code == 404


@pytest.mark.parametrize("version", ["4.0.0", "4.1.0"])
@pytest.mark.parametrize("base_path", ["", "/tmf-api/promotionManagement/v4", "/a/b/"])
def test_the_api_description_names_the_mock_as_its_server(version, base_path):
    with running_mock(Settings(api_version=version, base_path=base_path)) as root:
        origin = "/".join(root.split("/")[:3])
        document = requests.get(f"{origin}/openapi.json", timeout=5).json()
        assert requests.get(f"{root}/promotion", timeout=5).json() == []
    assert document["info"]["version"] == version
    assert document["servers"] == [{"url": root}]
    validate(document)


def test_swagger_ui_comes_from_an_installed_package(shared):
    page = get(shared, "/docs", **BROWSER)
    assert page.status_code == 200
    paths = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(paths) == 6
    for path in paths:
        assert get(shared, path).status_code == 200, path


def test_without_that_package_only_swagger_ui_is_missing(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    console._swagger_ui.cache_clear()
    try:
        with running_mock() as root:
            origin = root.partition("/tmf-api")[0]
            assert requests.get(f"{origin}/docs", headers=BROWSER, timeout=5).status_code == 404
            assert requests.get(f"{origin}/", headers=BROWSER, timeout=5).status_code == 200
    finally:
        console._swagger_ui.cache_clear()


@pytest.mark.parametrize("promotion_id", ["a{b}", "{", "}x", "50%", "a/b", "ü ?#"])
def test_a_promotion_is_found_by_any_id(shared, promotion_id):
    answer = shared("POST", "/promotion", json={"name": "x", "id": promotion_id})
    assert answer.status_code == 201
    found = requests.get(answer.headers["Location"], timeout=5)
    assert found.json()["id"] == promotion_id
