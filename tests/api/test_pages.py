"""How the pages are served: nothing inline, nothing from elsewhere, kept by what it is, packed."""

import gzip
import json
import re

import pytest

from app import bundling
from app.pages import AREAS, site
from tests.support.people import World
from web import FOLDER

PATHS = ["/", *(f"/{area}" for area in AREAS[1:])]
LASTING = re.compile(r"/web/[0-9a-f]{16}/[\w./-]+")


@pytest.mark.parametrize("path", PATHS)
async def test_a_page_is_guarded_and_its_files_are_kept_for_good(world: World, path: str) -> None:
    answer = await world.client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "connect-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    again = await world.client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    # No script or style stands in the page itself, and no address leads away from here.
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|https?:", answer.text) == []
    files = LASTING.findall(answer.text)
    assert any(file.endswith("page.js") for file in files)
    for file in files:
        found = await world.client.get(file)
        assert found.status_code == 200, file
        assert "immutable" in found.headers["cache-control"]
    other = await world.client.get(re.sub(r"/web/\w+/", "/web/0123456789abcdef/", files[0]))
    assert (other.status_code, other.json()["code"]) == (404, "not_found")


async def test_a_page_begins_in_the_language_of_its_browser(world: World) -> None:
    """Its texts are among the first things that it names: all of them, those of every page too."""
    for asked, tag, direction in (("fa,en;q=0.5", "fa-AF", "rtl"), ("tg-TJ", "tg", "ltr"), ("de", "en", "ltr")):
        answer = await world.client.get("/desk", headers={"Accept-Language": asked})
        assert f'<html lang="{tag}" dir="{direction}">' in answer.text
        assert "Accept-Language" in answer.headers["vary"]
        [texts] = [file for file in LASTING.findall(answer.text) if "/locales/" in file]
        assert texts.endswith(f"/desk/{tag}.json")
        found = (await world.client.get(texts)).json()
        besides = tag if tag in {"fa-AF", "en"} else "ru"
        for part, language in (("shared", tag), ("desk", besides)):
            own = json.loads((FOLDER / "locales" / part / f"{language}.json").read_text())
            assert found.items() >= {key: text for key, text in own.items() if part == "desk" or key != "title"}.items()


async def test_files_are_packed_for_whoever_unpacks_them(world: World) -> None:
    file = f"/web/{site().version}/shared/api.js"
    async with world.client.stream("GET", file, headers={"Accept-Encoding": "gzip"}) as answer:
        packed = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed) == (FOLDER / "shared" / "api.js").read_bytes()
    bare = await world.client.get(file, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in bare.headers
    assert bare.content == (FOLDER / "shared" / "api.js").read_bytes()


async def test_the_worker_and_the_manifest_name_files_that_are_there(world: World) -> None:
    worker = await world.client.get("/sw.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    assert "{{" not in worker.text
    manifest = (await world.client.get("/manifest.webmanifest")).json()
    assert manifest["start_url"] == "/"
    kept = re.findall(r'"((?:shared|migrant)/[^"]+)"', worker.text)
    assert {"migrant/page.js", "migrant/later.js"} < set(kept)
    for file in [*(f"/web/{site().version}/{name}" for name in kept), *(icon["src"] for icon in manifest["icons"])]:
        assert (await world.client.get(file)).status_code == 200, file


async def test_the_pages_are_no_way_to_other_files(world: World) -> None:
    for path in ("../__init__.py", "%2e%2e/__init__.py", "shared/../../app/main.py", "page.html", "README.md"):
        assert (await world.client.get(f"/web/{site().version}/{path}")).status_code == 404, path


MODULES = {
    "a/main.js": b'import { x as y, z } from "../b/x.js";\nimport * as c from "./c.js";\n// A comment.\n'
    b'import("./late.js");',
    "a/c.js": b"export const one = 1;\nexport default function three() {}\n",
    "b/x.js": b'export { z, y as x } from "./y.js";\nexport const w = 4;',
    "b/y.js": b'// import "./z.js"\nexport class z {}\nexport async function* y() {}',
    "a/late.js": b'import { z } from "../b/y.js";\nexport async function late() { return import(`./${z}.js`); }',
}


def test_modules_are_put_together_each_after_what_it_imports() -> None:
    whole = bundling.first(["a/main.js"], MODULES).decode()
    assert bundling.in_order(["a/main.js"], MODULES) == ["b/y.js", "b/x.js", "a/c.js", "a/main.js"]
    for line in (
        'const { x: y, z } = $m["b/x.js"];',
        'const c = $m["a/c.js"];',
        '$late("a/main.js", "./late.js");',
        'return { z: $m["b/y.js"].z, x: $m["b/y.js"].y, w };',
        "return { default: three, one };",
        "return { z, y };",
    ):
        assert line in whole, line
    assert "comment" not in whole
    assert bundling.wanted_late(["a/main.js"], MODULES) == {"a/late.js"}
    rest = bundling.later(["a/late.js"], ["a/main.js"], MODULES).decode()
    assert rest.count("(() => {") == 1
    assert 'return $late("a/late.js", `./${z}.js`)' in rest


@pytest.mark.parametrize(
    "source", ["export let x = 1;", "export default class {}", 'import "./c.js";', 'import { x } from "./main.js";']
)
def test_a_form_that_is_not_known_and_a_circle_are_errors(source: str) -> None:
    with pytest.raises(ValueError, match=r"main\.js"):
        bundling.first(["a/main.js"], {"a/main.js": source.encode(), "a/c.js": b""})
