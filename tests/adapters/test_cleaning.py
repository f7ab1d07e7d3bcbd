"""A set of malicious files, made here: each is refused, or comes out as nothing but what it shows.

In the cleaner's own process where it is about what a process may take; else in this one, which is quicker.
"""

import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from app.adapters.cleaning.__main__ import clean
from app.adapters.cleaning.process import ProcessCleaner
from app.domain.documents.limits import LONGEST_SIDE, MOST_PAGES
from app.domain.documents.refusals import Refusal
from app.domain.documents.sniffing import FileType
from app.ports import Cleaned
from tests.support.papers import MARK, pdf, picture

GPS, CAMERA = 0x8825, 0x0110


def alert() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert('here')"))


def cleaned(content: bytes) -> Cleaned:
    done = clean(content)
    assert isinstance(done, Cleaned), done
    return done


def saved(made: pikepdf.Pdf, **how: Any) -> bytes:
    out = BytesIO()
    made.save(out, **how)
    return out.getvalue()


def archive() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("run.js", "alert(1)")
    return out.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A few bytes that say they are a huge picture, and would unpack to it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    packing = zlib.compressobj(9)
    data = b"".join(packing.compress(bytes(1 + 3 * width)) for _ in range(min(height, 500))) + packing.flush()
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def packed_pdf(rounds: int = 1, size: int = 180_000_000) -> bytes:
    """A page whose content unpacks to `size` bytes, or is packed again and again."""
    packing = zlib.compressobj(1)
    packed = b"".join(packing.compress(bytes(1_000_000)) for _ in range(size // 1_000_000)) + packing.flush()
    for _ in range(rounds - 1):
        packed = zlib.compress(packed, 9)
    made = pikepdf.new()
    made.add_blank_page()
    made.pages[0].Contents = made.make_stream(b"")
    made.pages[0].Contents.write(packed, filter=Array([Name.FlateDecode] * rounds), decode_parms=None)
    return saved(made, compress_streams=False)


def with_exif() -> bytes:
    """A photo that lies on its side, with where it was taken."""
    exif = Image.Exif()
    exif[CAMERA] = "Camera of Somebody"
    exif[0x0112] = 6  # turned by a quarter
    exif.get_ifd(GPS).update({1: "N", 2: (55.0, 47.0, 30.0), 3: "E", 4: (49.0, 6.0, 52.0)})
    return picture(exif=exif, comment=b"taken at home")


REFUSED: dict[str, tuple[Callable[[], bytes], Refusal]] = {
    "nothing known": (lambda: b"hello, I am a passport.jpg", Refusal.UNKNOWN_TYPE),
    "a program": (lambda: b"MZ" + bytes(500), Refusal.UNKNOWN_TYPE),
    "a page of the web": (lambda: b"<html><script>alert(1)</script></html>", Refusal.UNKNOWN_TYPE),
    "a drawing with a script": (lambda: b"<svg xmlns='x'><script>1</script></svg>", Refusal.UNKNOWN_TYPE),
    "an archive": (archive, Refusal.UNKNOWN_TYPE),
    "a PDF that begins later": (lambda: b"\n" * 9 + pdf(), Refusal.UNKNOWN_TYPE),
    "HEIC": (lambda: b"\x00\x00\x00\x18ftypheic" + bytes(200), Refusal.HEIC),
    "half a picture": (lambda: picture()[:1500], Refusal.DAMAGED),
    "a picture's beginning only": (lambda: b"\xff\xd8\xff\xe0" + bytes(100), Refusal.DAMAGED),
    "a PDF's beginning only": (lambda: b"%PDF-1.7\nnothing", Refusal.DAMAGED),
    "a PDF without pages": (lambda: saved(pikepdf.new()), Refusal.DAMAGED),
    "a picture of 2.5 gigapixels": (lambda: png_claiming(50_000, 50_000), Refusal.TOO_MANY_PIXELS),
    "a PDF that unpacks to 180 MB": (packed_pdf, Refusal.UNPACKS_TOO_FAR),
    "a PDF packed again and again": (lambda: packed_pdf(3, 1_000_000), Refusal.UNPACKS_TOO_FAR),
    "a PDF of many pages": (lambda: pdf(MOST_PAGES + 1), Refusal.TOO_MANY_PAGES),
    "a PDF with a password": (
        lambda: saved(pikepdf.open(BytesIO(pdf())), encryption=pikepdf.Encryption(owner="o", user="u")),
        Refusal.PROTECTED,
    ),
    "a PDF that only its owner may print": (
        lambda: saved(pikepdf.open(BytesIO(pdf())), encryption=pikepdf.Encryption(owner="o")),
        Refusal.PROTECTED,
    ),
    "a picture and an archive": (lambda: picture() + archive(), Refusal.HIDDEN_CONTENT),
    "a picture and a PDF": (lambda: picture() + pdf(), Refusal.HIDDEN_CONTENT),
    "a PDF in a picture's comment": (lambda: picture(comment=pdf()), Refusal.HIDDEN_CONTENT),
    "a page of the web in a picture's comment": (
        lambda: picture(comment=b"<html><body onload=alert(1)>"),
        Refusal.HIDDEN_CONTENT,
    ),
    "a script far in a picture": (lambda: picture(form="PNG") + b"<script >", Refusal.HIDDEN_CONTENT),
    "a PDF and an archive": (lambda: pdf() + archive(), Refusal.HIDDEN_CONTENT),
    "a PDF that is a page of the web": (
        lambda: pdf().replace(b"\n", b"\n%<html><script>alert(1)</script>\n", 1),
        Refusal.HIDDEN_CONTENT,
    ),
    "a PDF and a page of the web": (lambda: pdf() + b"\n<html >", Refusal.HIDDEN_CONTENT),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_and_the_reason_is_told(name: str) -> None:
    make, refusal = REFUSED[name]
    assert clean(make()) is refusal


def test_a_photo_comes_out_upright_and_tells_nothing_of_where_it_was_taken() -> None:
    content = with_exif()
    assert all(secret in content for secret in (b"Camera of Somebody", b"taken at home"))
    done = cleaned(content)
    for part in (done.content, done.preview or b""):
        with Image.open(BytesIO(part)) as shown:
            assert dict(shown.getexif()) == {}
            assert set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert not any(secret in part for secret in (b"Camera", b"taken", b"Exif", b"http"))
    with Image.open(BytesIO(done.content)) as shown:
        assert shown.size == (400, 640)
        red, _, blue = shown.convert("RGB").getpixel((390, 10))  # type: ignore[misc]
        assert (red > 180, blue < 80) == (True, True), "the corner that was at the top left is at the top right"


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_other_pictures_come_out_as_jpeg(form: str) -> None:
    done = cleaned(picture(form=form))
    assert done.media_type == FileType.JPEG.value
    assert done.content.startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "I;16"])
def test_pictures_of_every_kind_of_pixel_come_out(mode: str) -> None:
    out = BytesIO()
    Image.new(mode, (30, 20)).save(out, "PNG")
    with Image.open(BytesIO(cleaned(out.getvalue()).content)) as shown:
        assert (shown.mode, shown.size) == ("RGB", (30, 20))


def test_what_is_transparent_becomes_white() -> None:
    out = BytesIO()
    Image.new("RGBA", (30, 20), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(BytesIO(cleaned(out.getvalue()).content)) as shown:
        assert shown.getpixel((5, 5)) == (255, 255, 255)


def test_a_large_photo_is_scaled_to_what_a_page_needs() -> None:
    with Image.open(BytesIO(cleaned(picture((4500, 900))).content)) as shown:
        assert shown.size == (LONGEST_SIDE, LONGEST_SIDE // 5)


def armed() -> bytes:
    """A PDF with everything in it that acts, leads out or is carried along."""
    made = pikepdf.open(BytesIO(pdf(2)))
    page, root = made.pages[0].obj, made.Root
    root.OpenAction = alert()
    root.AA = Dictionary(WC=alert())
    root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("x"), made.make_indirect(alert())])))
    made.attachments["run.exe"] = b"MZ an attachment"
    field = Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("name"), V=String("Filled In"),
        DA=String("/Helv 12 Tf 0 g"), Rect=Array([50, 50, 250, 80]), AA=Dictionary(K=alert()), F=4,
    )  # fmt: skip
    field = made.make_indirect(field)
    launch = Dictionary(S=Name.Launch, F=String("cmd.exe"))
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=launch)
    leading = Dictionary(S=Name.URI, URI=String("https://evil.example/"))
    page.Annots = Array([field, link, Dictionary(Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=leading)])
    page.AA = Dictionary(O=alert())
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    xfa = made.make_stream(b"<xdp><event><script>app.alert(1)</script></event></xdp>")
    root.AcroForm = Dictionary(
        Fields=Array([field]),
        XFA=xfa,
        DR=Dictionary(Font=Dictionary(Helv=font)),
        DA=String("/Helv 12 Tf 0 g"),
        NeedAppearances=True,
    )
    outside = made.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    outside.stream_dict.F = String("file:///etc/passwd")
    outside.stream_dict.Ref = Dictionary(F=String("other.pdf"), Page=0)
    page.Resources = Dictionary(XObject=Dictionary(X1=outside))
    with made.open_metadata() as told:
        told["dc:creator"] = ["Somebody"]
    made.docinfo["/Author"] = "Somebody"
    return saved(made)


def test_a_pdf_comes_out_without_anything_that_acts_leads_out_or_is_carried_along() -> None:
    content = armed()
    plain = saved(pikepdf.open(BytesIO(content)), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    found = (
        b"/JavaScript",
        b"/Launch",
        b"/OpenAction",
        b"/XFA",
        b"/EmbeddedFile",
        b"/AA",
        b"/URI",
        b"/Ref",
        b"Somebody",
    )
    assert [word for word in found if word not in plain] == []
    done = cleaned(content)
    with pikepdf.open(BytesIO(done.content)) as shown:
        assert len(shown.pages) == 2
        assert set(shown.Root.keys()) == {"/Type", "/Pages"}
        assert set(shown.trailer.keys()) <= {
            "/Root",
            "/Size",
            "/ID",
            "/Type",
            "/W",
            "/Filter",
            "/Length",
            "/DecodeParms",
            "/Index",
        }
        bare = saved(
            shown,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.all,
            compress_streams=False,
        )
    assert [
        word for word in (*found, b"/Annots", b"/AcroForm", b"evil", b"cmd.exe", b"passwd", b"alert") if word in bare
    ] == []
    assert MARK in bare
    assert b"Filled In" in bare, "what was filled in is drawn on the page"


def test_a_scan_as_pdf_has_a_preview_and_other_pages_have_none() -> None:
    out = BytesIO()
    Image.open(BytesIO(picture())).save(out, "PDF")
    with Image.open(BytesIO(cleaned(out.getvalue()).preview or b"")) as shown:
        assert max(shown.size) == 480
    assert cleaned(pdf()).preview is None


@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"\xff\xd8\xff", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"]),
)
@settings(max_examples=150, deadline=None)
def test_no_bytes_whatever_make_it_fail(content: bytes, begins: bytes) -> None:
    assert isinstance(clean(begins + content), Refusal | Cleaned)


@given(st.integers(0, 2**31), st.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_no_damage_to_a_pdf_leaves_a_script_in_it(seed: int, times: int) -> None:
    content = bytearray(armed())
    for number in range(times):
        content[(seed * (number + 7) * 2654435761) % len(content)] ^= 1 << (seed % 8)
    done = clean(bytes(content))
    if isinstance(done, Cleaned):
        with pikepdf.open(BytesIO(done.content)) as shown:
            bare = saved(shown, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
        assert b"/JavaScript" not in bare
        assert b"/OpenAction" not in bare


async def test_the_cleaners_process_answers_the_same_and_is_ended_when_it_takes_too_much() -> None:
    cleaner = ProcessCleaner()
    done = await cleaner.clean(picture())
    assert isinstance(done, Cleaned)
    assert done == clean(picture())
    assert await cleaner.clean(b"nothing") is Refusal.UNKNOWN_TYPE
    assert await cleaner.clean(png_claiming(50_000, 50_000)) is Refusal.TOO_MANY_PIXELS
