"""The pages for browsers: files of the package `web`, read once, packed once, and cached by what they are. The modules
of a page are put together: it asks for one file, and later for another one with what it can begin without.

Whatever a page loads lies under an address with a hash of all of it, so it never changes and is kept for good; the few
addresses that people type are asked for anew each time, and answered with 304 if nothing has changed.
"""

import gzip
import json
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path, PurePosixPath

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from app import bundling
from app.domain.languages.negotiation import reading
from app.domain.languages.traits import TRAITS
from app.domain.profiles.languages import Language
from app.errors import NotFound
from web import FOLDER

AREAS = ("migrant", "desk", "board", "manage", "employer", "region")
"""Each a page of its own: the first at `/`, the others at `/<area>`."""
# What a page begins with, its first module apart. An area that is not named begins with all it has.
_AT_ONCE = {"migrant": ("migrant/views/signin.js",), "board": ()}
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}
_FOR_GOOD = "public, max-age=31536000, immutable"
_ASK_FIRST = "no-cache"
# Nothing from anywhere else, nothing inline, no text that becomes markup or script. Previews of papers are blobs.
SECURITY = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob:; "
        "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types manzil"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent: bare, and packed by gzip if that is smaller."""

    body: bytes
    packed: bytes | None
    media_type: str
    tag: str


@dataclass(frozen=True, slots=True)
class Site:
    """`lasting`: by path below `/web/<version>/`; `asked`: by the path that a browser asks for; `pages`: by that and
    the reader's language, whose texts they ask for at once.
    """

    version: str
    lasting: dict[str, Asset]
    asked: dict[str, Asset]
    pages: dict[tuple[str, Language], Asset]


@cache
def site(folder: Path = FOLDER) -> Site:
    """All files of `folder`, with what depends on their version filled in."""
    files = {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.suffix in _TYPES
    }
    for area in AREAS:
        files |= _put_together(area, files)
    whole = sha256()
    for name, body in files.items():
        whole.update(f"{name} {len(body)} ".encode() + body)
    version = whole.hexdigest()[:16]
    base = f"/web/{version}"
    told = {"base": base, "version": version}
    asked = {
        "/manifest.webmanifest": _filled(files["manifest.webmanifest"], told),
        "/sw.js": _filled(files["migrant/sw.js"], told | {"files": json.dumps(_kept_offline(files))}),
    }
    pages = {}
    for area in AREAS:
        for language in Language:
            page = told | {"area": area, "links": _links(area, language, files, base)}
            path = "/" if area == AREAS[0] else f"/{area}"
            pages[path, language] = _asset("page.html", _filled(files["page.html"], page))
    return Site(
        version,
        {name: _asset(name, body) for name, body in files.items() if "/" in name},
        {path: _asset(path, body) for path, body in asked.items()},
        pages,
    )


def install(app: FastAPI) -> None:
    """Serves the pages beside the API. They are no part of its contract."""
    for path in ("/", *(f"/{area}" for area in AREAS[1:])):
        app.add_route(path, _page, include_in_schema=False)
    for path in ("/manifest.webmanifest", "/sw.js"):
        app.add_route(path, _asked, include_in_schema=False)
    app.add_route("/web/{version}/{path:path}", _lasting, include_in_schema=False)


async def _page(request: Request) -> Response:
    language = reading(request.headers.get("accept-language", "")).own
    return _answer(request, site().pages[request.url.path, language], _ASK_FIRST, "Accept-Encoding, Accept-Language")


async def _asked(request: Request) -> Response:
    return _answer(request, site().asked[request.url.path], _ASK_FIRST)


async def _lasting(request: Request) -> Response:
    found = site().lasting.get(request.path_params["path"])
    # A page of an older version loads the newer one whole: modules of both must not meet.
    if found is None or request.path_params["version"] != site().version:
        raise NotFound
    return _answer(request, found, _FOR_GOOD)


def _answer(request: Request, asset: Asset, kept: str, vary: str = "Accept-Encoding") -> Response:
    headers = {**SECURITY, "ETag": asset.tag, "Cache-Control": kept, "Vary": vary}
    known = {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}
    if asset.tag in known:
        return Response(status_code=304, headers=headers)
    if asset.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=asset.media_type)
    return Response(asset.body, headers=headers, media_type=asset.media_type)


def _asset(name: str, body: bytes) -> Asset:
    packed = gzip.compress(body, 9, mtime=0)
    media_type = _TYPES[PurePosixPath(name).suffix]
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    return Asset(body, packed if len(packed) < len(body) else None, media_type, tag)


def _filled(template: bytes, values: dict[str, str]) -> bytes:
    text = template.decode()
    for name, value in values.items():
        text = text.replace("{{" + name + "}}", value)
    return text.encode()


def _links(area: str, language: Language, files: dict[str, bytes], base: str) -> str:
    """The area's own style, and the texts in the language that the browser asks for: a slow net asks for them at once,
    and not when the page has begun.
    """
    lines = [f'<link rel="stylesheet" href="{base}/{area}/style.css">'] if f"{area}/style.css" in files else []
    for each in ("shared", area):
        texts = [f"locales/{each}/{tag}.json" for tag in (language, TRAITS[language].besides)]
        found = next(name for name in texts if name in files)
        lines.append(f'<link rel="preload" as="fetch" crossorigin="anonymous" href="{base}/{found}">')
    return "\n".join(lines)


def _put_together(area: str, files: dict[str, bytes]) -> dict[str, bytes]:
    """The area's `page.js`, and `later.js` with what is only imported when it is wanted."""
    modules = {name: body for name, body in files.items() if name.endswith(".js") and name != "migrant/sw.js"}
    own = [name for name in modules if name.startswith(f"{area}/")]
    main = f"{area}/main.js"
    begins = [*_AT_ONCE.get(area, (*(each for each in own if each != main), "shared/staff.js")), main]
    rest = bundling.wanted_late(bundling.in_order(begins, modules), modules)
    late = sorted(rest.union(own))
    return {
        f"{area}/page.js": bundling.first(begins, modules),
        f"{area}/later.js": bundling.later(late, begins, modules),
    }


def _kept_offline(files: dict[str, bytes]) -> list[str]:
    """What the migrant's page needs without a net, texts apart: they are kept when their language is chosen."""
    styles = [name for name in files if name in {"shared/style.css", "migrant/style.css", "shared/icon.svg"}]
    return ["migrant/page.js", "migrant/later.js", *styles]
