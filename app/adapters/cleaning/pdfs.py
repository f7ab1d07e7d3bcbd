"""PDFs made anew: pages with what they show, and nothing that acts, leads out or is carried along (ISO 32000-2)."""

import zlib
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from app.adapters.cleaning.pictures import preview_of
from app.domain.documents.limits import MOST_OBJECTS, MOST_PAGES, MOST_PIXELS, MOST_UNPACKED
from app.domain.documents.refusals import Refusal
from app.domain.documents.sniffing import FileType
from app.ports import Cleaned

_PAGE_KEYS = {"/Type", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/Contents", "/UserUnit", "/Group", "/Parent"}
_RESOURCE_KEYS = {"/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/XObject", "/Font", "/ProcSet", "/Properties"}
_ACTING = (
    "/A", "/AA", "/JS", "/JavaScript", "/OpenAction", "/Launch", "/URI", "/SubmitForm", "/ImportData", "/GoToR",
    "/GoToE", "/RichMedia", "/RichMediaContent", "/XFA", "/AcroForm", "/Names", "/EmbeddedFiles", "/EF", "/AF",
    "/Metadata", "/PieceInfo", "/OPI", "/Ref", "/Annots", "/Annot", "/FS", "/StructParent", "/StructParents",
    "/Alternates", "/Movie", "/Sound", "/Rendition", "/Measure", "/PtData", "/LastModified",
)  # fmt: skip
_IN_STREAMS = ("/F", "/FFilter", "/FDecodeParms")
"""By these a stream's data lies in another file."""
_FLATE = {"/FlateDecode", "/Fl"}
_DEEPEST, _MOST_FILTERS = 60, 2


def clean_pdf(content: bytes) -> Cleaned | Refusal:
    """The same pages in a file of our own. What forms were filled in with is part of the page afterwards."""
    try:
        with Pdf.open(BytesIO(content), suppress_warnings=True) as source:
            return _remade(source)
    except pikepdf.PasswordError:
        return Refusal.PROTECTED
    except MemoryError:
        return Refusal.UNPACKS_TOO_FAR
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, KeyError, AttributeError, RecursionError, OSError):
        return Refusal.DAMAGED


def _remade(source: Pdf) -> Cleaned | Refusal:
    if source.is_encrypted:
        return Refusal.PROTECTED
    if len(source.objects) > MOST_OBJECTS:
        return Refusal.UNPACKS_TOO_FAR
    count = len(source.pages)
    if not count:
        return Refusal.DAMAGED
    if count > MOST_PAGES:
        return Refusal.TOO_MANY_PAGES
    if not _unpacks_within(source):
        return Refusal.UNPACKS_TOO_FAR
    _flatten(source)
    made = Pdf.new()
    for page in source.pages:
        _keep(page.obj, _PAGE_KEYS)
        resources = page.obj.get("/Resources")
        if isinstance(resources, Dictionary):
            _keep(resources, _RESOURCE_KEYS)
        made.pages.append(page)
    for each in list(made.objects):
        _disarm(each)
    out = BytesIO()
    made.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True)
    return Cleaned(FileType.PDF.value, out.getvalue(), _preview(made))


def _flatten(source: Pdf) -> None:
    """Draws what annotations and forms show onto their pages. What does not draw is left out."""
    if "/AcroForm" in source.Root:
        form = source.Root.AcroForm
        if "/XFA" in form:
            del form["/XFA"]
        source.generate_appearance_streams()
    source.flatten_annotations("all")


def _keep(held: Object, keys: set[str]) -> None:
    for key in list(held.keys()):
        if key not in keys:
            del held[key]


def _disarm(held: Any, depth: int = 0) -> None:
    """Takes whatever acts or leads out of an object, and out of what stands directly in it."""
    if depth > _DEEPEST:
        raise ValueError("too deep")
    if isinstance(held, Array):
        inside: list[Any] = list(held)
    elif isinstance(held, Dictionary | Stream):
        fields = held.stream_dict if isinstance(held, Stream) else held
        _take_out(fields, (*_ACTING, *_IN_STREAMS) if isinstance(held, Stream) else _ACTING)
        inside = list(fields.values())
    else:
        return
    for item in inside:
        if isinstance(item, Object) and not item.is_indirect:
            _disarm(item, depth + 1)


def _take_out(fields: Any, keys: Iterable[str]) -> None:
    if Name.PS in (fields.get("/Subtype"), fields.get("/Subtype2")):
        fields.Subtype = Name.Form  # a program for printers
    for key in keys:
        if key in fields:
            del fields[key]


def _unpacks_within(source: Pdf) -> bool:
    """Whether all that is compressed stays within bounds, found out without holding it. Pictures count their pixels."""
    left = MOST_UNPACKED
    for each in source.objects:
        if not isinstance(each, Stream):
            continue
        if int(each.get("/Width", 0)) * int(each.get("/Height", 0)) > MOST_PIXELS:
            return False
        filters: Any = each.get("/Filter", [])
        names = [str(filters)] if isinstance(filters, Name) else [str(name) for name in filters]
        if len(names) > _MOST_FILTERS or sum(name in _FLATE for name in names) > 1:  # packed again and again
            return False
        if names[:1] and names[0] in _FLATE:
            left -= _unpacked(each.read_raw_bytes(), left)
        elif any(name in _FLATE for name in names):
            left -= len(each.read_bytes())
        if left < 0:
            return False
    return True


def _unpacked(packed: bytes, most: int) -> int:
    """How long it gets; one more than `most` when it gets longer."""
    unpacking, size, rest = zlib.decompressobj(), 0, packed
    while rest and not unpacking.eof and size <= most:
        try:
            size += len(unpacking.decompress(rest, 1 << 20))
        except zlib.error:
            break
        rest = unpacking.unconsumed_tail
    return min(size, most + 1)


def _preview(made: Pdf) -> bytes | None:
    """A scan is one picture on its page, and cheap to show small. Other pages would have to be drawn: not here."""
    try:
        resources: Any = made.pages[0].obj.get("/Resources", {})
        inside: Any = resources.get("/XObject", {})
        pictures = [each for _, each in inside.items() if each.get("/Subtype") == Name.Image]
        if len(pictures) != 1:
            return None
        return preview_of(pikepdf.PdfImage(pictures[0]).as_pil_image())
    except (pikepdf.PdfError, ValueError, TypeError, NotImplementedError, OSError, RuntimeError, MemoryError):
        return None
