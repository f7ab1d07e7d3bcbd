"""The pages for browsers: files of the package `web`, read once, packed once, and cached by what they are.

Whatever a page loads lies under an address with a hash of all of it, so it never changes and is kept for good; the few
addresses that people type are asked for anew each time, and answered with 304 if nothing has changed.
"""

import gzip
import json
import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path, PurePosixPath

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

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
_IMPORT = re.compile(r"""^(?:import|export)\b[^;"'(]*?["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent: bare, and packed by gzip if that is smaller."""

    body: bytes
    packed: bytes | None
    media_type: str
    tag: str


@dataclass(frozen=True, slots=True)
class Site:
    """`lasting`: by path below `/web/<version>/`; `asked`: by the path that a browser asks for."""

    version: str
    lasting: dict[str, Asset]
    asked: dict[str, Asset]


@cache
def site(folder: Path = FOLDER) -> Site:
    """All files of `folder`, with what depends on their version filled in."""
    files = {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.suffix in _TYPES
    }
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
    for area in AREAS:
        page = told | {"area": area, "links": _links(area, files, base)}
        asked["/" if area == AREAS[0] else f"/{area}"] = _filled(files["page.html"], page)
    return Site(
        version,
        {name: _asset(name, body) for name, body in files.items() if "/" in name},
        {path: _asset(path if "." in path else "page.html", body) for path, body in asked.items()},
    )


def install(app: FastAPI) -> None:
    """Serves the pages beside the API. They are no part of its contract."""
    for path in ("/", *(f"/{area}" for area in AREAS[1:]), "/manifest.webmanifest", "/sw.js"):
        app.add_route(path, _asked, include_in_schema=False)
    app.add_route("/web/{version}/{path:path}", _lasting, include_in_schema=False)


async def _asked(request: Request) -> Response:
    return _answer(request, site().asked[request.url.path], _ASK_FIRST)


async def _lasting(request: Request) -> Response:
    found = site().lasting.get(request.path_params["path"])
    # A page of an older version loads the newer one whole: modules of both must not meet.
    if found is None or request.path_params["version"] != site().version:
        raise NotFound
    return _answer(request, found, _FOR_GOOD)


def _answer(request: Request, asset: Asset, kept: str) -> Response:
    headers = {**SECURITY, "ETag": asset.tag, "Cache-Control": kept, "Vary": "Accept-Encoding"}
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


def _links(area: str, files: dict[str, bytes], base: str) -> str:
    """The area's own style, and all modules that its first one imports: a slow net asks for them at once."""
    lines = [f'<link rel="stylesheet" href="{base}/{area}/style.css">'] if f"{area}/style.css" in files else []
    found = imported(f"{area}/main.js", files) - {f"{area}/main.js"}
    lines += [f'<link rel="modulepreload" href="{base}/{module}">' for module in sorted(found)]
    return "\n".join(lines)


def imported(module: str, files: dict[str, bytes]) -> set[str]:
    """A module of `files` and all that it imports, directly or not, before it can run."""
    found, waiting = set[str](), [module]
    while waiting:
        name = waiting.pop()
        if name in found or name not in files:
            continue
        found.add(name)
        for relative in _IMPORT.findall(files[name].decode()):
            parts: list[str] = []
            for part in (PurePosixPath(name).parent / relative).parts:
                if part == "..":
                    parts.pop()
                else:
                    parts.append(part)
            waiting.append("/".join(parts))
    return found


def _kept_offline(files: dict[str, bytes]) -> list[str]:
    """What the migrant's page needs without a net, texts apart: they are kept when their language is chosen."""
    return [name for name in files if name.startswith(("shared/", "migrant/")) and not name.endswith(("sw.js", ".png"))]
