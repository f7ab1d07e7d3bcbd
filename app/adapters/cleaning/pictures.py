"""Pictures made anew: decoded, turned upright, scaled, and encoded with nothing but their pixels."""

import warnings
from io import BytesIO

from PIL import Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

from app.domain.documents.limits import LONGEST_SIDE, MOST_PIXELS, PREVIEW_SIDE
from app.domain.documents.refusals import Refusal
from app.domain.documents.sniffing import FileType
from app.ports import Cleaned

_FORMATS = {FileType.JPEG: "JPEG", FileType.PNG: "PNG", FileType.WEBP: "WEBP"}
_QUALITY, _PREVIEW_QUALITY = 88, 75
Image.MAX_IMAGE_PIXELS = None  # counted here, before anything is decoded
ImageFile.LOAD_TRUNCATED_IMAGES = False


def clean_picture(content: bytes, found: FileType) -> Cleaned | Refusal:
    """A JPEG, whatever came. EXIF, GPS, XMP, comments, thumbnails and all that follows the picture are left behind."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            opened = Image.open(BytesIO(content), formats=[_FORMATS[found]])
            if opened.width * opened.height > MOST_PIXELS:
                return Refusal.TOO_MANY_PIXELS
            # A JPEG is decoded at a half or a quarter where that is all that is kept.
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture = _upright(opened)
    except MemoryError:
        return Refusal.TOO_MANY_PIXELS
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError):
        return Refusal.DAMAGED
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return Cleaned(FileType.JPEG.value, encoded(picture, _QUALITY), preview_of(picture))


def preview_of(picture: Image.Image) -> bytes:
    small = picture.copy()
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.BILINEAR)
    return encoded(small.convert("RGB"), _PREVIEW_QUALITY)


def encoded(picture: Image.Image, quality: int) -> bytes:
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    out = BytesIO()
    bare.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _upright(opened: Image.Image) -> Image.Image:
    profile = opened.info.get("icc_profile")
    opened.load()
    picture = ImageOps.exif_transpose(opened)
    if picture.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        picture = Image.new("RGB", layered.size, "white")
        picture.paste(layered, mask=layered.getchannel("A"))
    elif picture.mode in {"RGB", "CMYK"} and profile:
        picture = _in_srgb(picture, profile)
    return picture.convert("RGB")


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """As the profile says that its colours look: it is left behind. One that does not fit is not followed."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        turned = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return picture
    return turned or picture
