"""The console: a static page that shows and steers a mock, and Swagger UI."""

import importlib.util
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path

from aiohttp import web

from mockserver.json_text import write_json
from mockserver.media_types import JSON_UTF8
from mockserver.origin import origin
from mockserver.tenant import Tenant

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_PAGES = Path(__file__).parent
_TYPES = {
    ".css": "text/css;charset=utf-8",
    ".html": "text/html;charset=utf-8",
    ".js": "text/javascript;charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}
_PAGE_POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# Swagger UI sets style attributes and shows images from its own style sheet.
_DOCS_POLICY = f"{_PAGE_POLICY}; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
_SWAGGER_UI = (
    "index.css",
    "swagger-ui.css",
    "swagger-ui-bundle.js",
    "swagger-ui-standalone-preset.js",
    "favicon-32x32.png",
)


def add_console(app: web.Application, tenant: Tenant, base_path: str, unknown: Handler) -> None:
    """Serve the console at `/`, Swagger UI at `/docs`, the API description at `/openapi.json`.

    Args:
        app: gets the routes; what matches every path must come after them.
        tenant: whose API is described.
        base_path: the path of the API root.
        unknown: answers those who ask `/` for something else than HTML.

    """
    page = _serving(_PAGES / "index.html", _PAGE_POLICY)

    async def page_for_browsers(request: web.Request) -> web.StreamResponse:
        wanted = "text/html" in request.headers.get("Accept", "")
        return await (page if wanted else unknown)(request)

    async def description(request: web.Request) -> web.StreamResponse:
        root = origin(request, trust_forwarded=tenant.settings.trust_forwarded) + base_path
        document = {**tenant.description.document, "servers": [{"url": root}]}
        headers = {"Content-Type": JSON_UTF8, **tenant.behaviour.headers}
        return web.Response(body=write_json(tenant.behaviour.describe(document)), headers=headers)

    app.router.add_get("/", page_for_browsers)
    app.router.add_get("/openapi.json", description)
    for file in _PAGES.iterdir():
        if file.suffix in {".css", ".js", ".svg"}:
            app.router.add_get(f"/console/{file.name}", _serving(file, _PAGE_POLICY))
    assets = _swagger_ui()
    if assets is not None:
        app.router.add_get("/docs", _serving(_PAGES / "docs.html", _DOCS_POLICY))
        for name in _SWAGGER_UI:
            app.router.add_get(f"/docs/{name}", _serving(assets / name, _DOCS_POLICY))


def _serving(file: Path, policy: str) -> Handler:
    headers = {
        "Content-Type": _TYPES[file.suffix],
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-cache",
    }

    async def serve(_request: web.Request) -> web.StreamResponse:
        return web.Response(body=_content(file), headers=headers)

    return serve


@cache
def _content(file: Path) -> bytes:
    return file.read_bytes()


@cache
def _swagger_ui() -> Path | None:
    """Return where the package flask-swagger-ui has Swagger UI; it is found, not imported."""
    spec = importlib.util.find_spec("flask_swagger_ui")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "dist"
