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
from itertools import product
from pathlib import Path, PurePosixPath
from typing import Any

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
# What a page begins with, its first module apart. An area that is not named begins with all it has.
_AT_ONCE = {AREAS[0]: ("migrant/views/signin.js",), "board": ()}
_AT_ONCE_FOR_STAFF = ("shared/api.js", "shared/staff.js")
_FOR_GOOD = "public, max-age=31536000, immutable"
_ASK_FIRST = "no-cache"
_OURS = "Cross-Origin-Resource-Policy"
_BY_LANGUAGE = "Accept-Encoding, Accept-Language"
# Nothing from anywhere else, nothing inline, no text that becomes markup or script. Previews of papers are blobs.
# Pages and workers bear it; what they load would only come later for it.
SECURITY = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob:; "
        "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types manzil"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
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
    """`lasting`: by path below `/web/<version>/`; `pages`, by path and language, and `asked`: what browsers ask for."""

    version: str
    lasting: dict[str, Asset]
    pages: dict[tuple[str, Language], Asset]
    asked: dict[str, Asset]


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
    lasting = {name: body for name, body in files.items() if "/" in name}
    for area in AREAS:
        style = files.get(f"{area}/style.css", b"")
        lasting[f"{area}/style.css"] = files["shared/style.css"] + style
        lasting |= {f"locales/{area}/{tag.value}.json": _texts(area, tag, files) for tag in Language}
    pages = {}
    for area, tag in product(AREAS, Language):
        direction = "rtl" if TRAITS[tag].right_to_left else "ltr"
        page = {"links": _links(area, base), "area": area, "lang": tag.value, "dir": direction} | told
        pages["/" if area == AREAS[0] else f"/{area}", tag] = _filled(files["page.html"], page)
    return Site(
        version,
        {name: _asset(name, body) for name, body in lasting.items()},
        {key: _asset("page.html", body) for key, body in pages.items()},
        {path: _asset(path, body) for path, body in asked.items()},
    )


def install(app: FastAPI) -> None:
    """Serves the pages beside the API. They are no part of its contract."""
    for path in ("/", *(f"/{area}" for area in AREAS[1:])):
        app.add_route(path, _page, include_in_schema=False)
    for path in ("/manifest.webmanifest", "/sw.js"):
        app.add_route(path, _asked, include_in_schema=False)
    app.add_route("/web/{version}/{path:path}", _lasting, include_in_schema=False)


async def _page(request: Request) -> Response:
    # The browser's language: a page that knows better, by what was chosen there, asks for those texts instead.
    wanted = reading(request.headers.get("accept-language", "ru")).own
    return _answer(request, site().pages[request.url.path, wanted], _ASK_FIRST, SECURITY | {"Vary": _BY_LANGUAGE})


async def _asked(request: Request) -> Response:
    return _answer(request, site().asked[request.url.path], _ASK_FIRST, SECURITY)


async def _lasting(request: Request) -> Response:
    found = site().lasting.get(request.path_params["path"])
    # A page of an older version loads the newer one whole: modules of both must not meet.
    if found is None or request.path_params["version"] != site().version:
        raise NotFound
    return _answer(request, found, _FOR_GOOD, {})


def _answer(request: Request, asset: Asset, kept: str, more: dict[str, str]) -> Response:
    headers = {"ETag": asset.tag, "Cache-Control": kept, "Vary": "Accept-Encoding", _OURS: "same-origin", **more}
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


def _texts(area: str, tag: Language, files: dict[str, bytes]) -> bytes:
    """The texts that a page needs in one file; what is not in that language in the one its readers likelier read."""
    found: dict[str, Any] = {}
    for part in ("shared", area):
        own, besides = (f"locales/{part}/{each.value}.json" for each in (tag, TRAITS[tag].besides))
        found |= json.loads(files[own if own in files else besides])
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def _links(area: str, base: str) -> str:
    """The page's texts and its style: a slow net asks for them at once, and not when the page has begun."""
    # As `fetch` asks for them, else they would come twice.
    texts = f'<link rel="preload" as="fetch" crossorigin href="{base}/locales/{area}/{{{{lang}}}}.json">'
    return f'{texts}\n<link rel="stylesheet" href="{base}/{area}/style.css">'


def _put_together(area: str, files: dict[str, bytes]) -> dict[str, bytes]:
    """The area's `page.js`, and `later.js` with what is only imported when it is wanted."""
    modules = {name: body for name, body in files.items() if name.endswith(".js") and name != "migrant/sw.js"}
    own = [name for name in modules if name.startswith(f"{area}/")]
    main = f"{area}/main.js"
    others = (*(each for each in own if each != main), *_AT_ONCE_FOR_STAFF)
    begins = [*_AT_ONCE.get(area, others), main]
    seen = set(bundling.in_order(begins, modules))
    late = set(own)
    while wanted := bundling.wanted_late(seen | late, modules) - seen - late:
        late |= set(bundling.in_order(sorted(wanted), modules))
    return {
        f"{area}/page.js": bundling.first(begins, modules),
        f"{area}/later.js": bundling.later(sorted(late), begins, modules),
    }


def _kept_offline(files: dict[str, bytes]) -> list[str]:
    """What the migrant's page needs without a net, texts apart: they are kept when their language is chosen."""
    return [name for name in files if name in {f"migrant/{each}" for each in ("page.js", "later.js", "style.css")}] + [
        "shared/icon.svg"
    ]
