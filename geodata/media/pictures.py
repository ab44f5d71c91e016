"""Pictures from strangers' telephones: decoded, turned upright, and written anew.

What leaves here is a plain JPEG made of pixels and nothing else: no place, no camera, no comment,
no bytes after its end. Whatever cannot be made so is refused, whatever the reason.
"""

import io
import math
import re
import zipfile
from dataclasses import dataclass
from typing import Any

import pi_heif
from PIL import ExifTags, Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

from geodata.core.errors import RefusedError

MAX_UPLOAD_BYTES = 20 * 1024 * 1024
MAX_MEGAPIXELS = {"JPEG": 64, "HEIF": 50, "PNG": 24, "WEBP": 24}
"""By the file's header. The largest sensors of telephones write 50 million pixels, as JPEG or HEIC.

A JPEG is decoded small at once; the others are decoded whole, and only HEIC comes from a sensor.
"""
LONG_SIDE_PX = 1600
THUMBNAIL_PX = 320
MAX_BYTES = 700 * 1024
QUALITIES = (85, 75, 60, 45)
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
ACCEPT = "image/jpeg,image/png,image/heic,image/heif,image/webp"
"""What a file field says that it takes."""
_DOUBLE_LIVES = re.compile(rb"<script|<html|<!doctype|<\?php|<svg", re.IGNORECASE)
_JPEG = b"\xff\xd8\xff"
_BARE_SEGMENTS = {0xE0, 0xDB, 0xC0, 0xC1, 0xC2, 0xC4, 0xDA, 0xDD}  # JFIF, tables, frame, scan

pi_heif.register_heif_opener()


class PictureRefusedError(RefusedError):
    """The file is not taken; the message says why and what to do."""


@dataclass(frozen=True)
class PicturePosition:
    """Where a camera says that it was: WGS 84 degrees; ``accuracy_m`` None where unsaid."""

    lon: float
    lat: float
    accuracy_m: float | None = None


@dataclass(frozen=True)
class CleanPicture:
    """A picture of pixels only, with what its file said of its place.

    Attributes
    ----------
    jpeg, thumbnail
        Upright JPEGs of at most 1600 and 320 pixels a side.
    position
        Read before everything was taken out, to be offered; stored nowhere by itself.
    """

    jpeg: bytes
    thumbnail: bytes
    width_px: int
    height_px: int
    position: PicturePosition | None


def clean(content: bytes) -> CleanPicture:
    """A picture without anything but its pixels.

    Parameters
    ----------
    content
        A JPEG, PNG, HEIC or WebP file of at most 20 MB and ``MAX_MEGAPIXELS``. Its name and its
        declared type are not asked for: the bytes decide.

    Raises
    ------
    PictureRefusedError
        It is something else, or something else as well, or damaged, or too big; or what the
        image library wrote holds more than pixels.
    """
    refuse_by_size(content)
    _refuse_double_lives(content)
    try:
        return _clean(content)
    except PictureRefusedError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels("more than 89", 64) from None
    except Exception as error:  # an image library may raise anything on a stranger's bytes
        raise PictureRefusedError(
            "The photo cannot be read: it is damaged, or not a JPEG, PNG, HEIC or WebP"
        ) from error


def refuse_by_size(content: bytes) -> None:
    """Refuse what needs no look inside: nothing, or too much.

    Raises
    ------
    PictureRefusedError
        The file is empty, or has more than 20 MB.
    """
    if not content:
        raise PictureRefusedError("The photo is empty: choose it again")
    if len(content) > MAX_UPLOAD_BYTES:
        size = len(content) / 1024**2
        raise PictureRefusedError(f"The photo has {size:.0f} MB: choose one of up to 20 MB")


def _refuse_double_lives(content: bytes) -> None:
    """Refuse a file that is a picture to one program and a page or an archive to another."""
    is_archive = zipfile.is_zipfile(io.BytesIO(content))
    if is_archive or b"%PDF-" in content[:1024] or _DOUBLE_LIVES.search(content):
        raise PictureRefusedError(
            "The file holds more than a photo: take the photo again, or send a screenshot of it"
        )


def _clean(content: bytes) -> CleanPicture:
    with _opened(content) as image:
        _refuse_many_pixels(image)
        position = _position(image)
        image.draft("RGB", (LONG_SIDE_PX, LONG_SIDE_PX))  # a JPEG is decoded small at once
        pixels = _only_pixels(ImageOps.exif_transpose(_reduced(image)))
    small = pixels.copy()
    small.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX), Image.Resampling.LANCZOS)
    return CleanPicture(_encode(pixels), _encode(small), pixels.width, pixels.height, position)


def _opened(content: bytes) -> Image.Image:
    """A JPEG of several frames (MPO: portraits, gain maps) is its first: no other is looked for."""
    if content.startswith(_JPEG):
        return JpegImageFile(io.BytesIO(content))
    return Image.open(io.BytesIO(content), formats=FORMATS)


def _refuse_many_pixels(image: Image.Image) -> None:
    """By what the header declares: nothing is decoded yet."""
    megapixels = image.width * image.height / 1e6
    most = MAX_MEGAPIXELS[image.format or ""]
    if megapixels > most:
        raise _too_many_pixels(f"{megapixels:.0f}", most)


def _too_many_pixels(megapixels: str, most: int) -> PictureRefusedError:
    return PictureRefusedError(
        f"The photo has {megapixels} million pixels: choose one of up to {most}"
    )


def _reduced(image: Image.Image) -> Image.Image:
    """No longer than is kept, so that all that follows works on few pixels."""
    if image.mode not in {"L", "LA", "RGB", "RGBA", "CMYK"}:  # others cannot be averaged
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((LONG_SIDE_PX, LONG_SIDE_PX), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return image


def _only_pixels(image: Image.Image) -> Image.Image:
    """A new RGB picture on white: copying would take the old one's comments along."""
    fresh = Image.new("RGB", image.size, "white")
    if image.has_transparency_data:
        see_through = image.convert("RGBA")
        fresh.paste(see_through, mask=see_through.getchannel("A"))
    else:
        fresh.paste(image.convert("RGB"))
    return fresh


def _encode(image: Image.Image) -> bytes:
    for quality in QUALITIES:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=quality, optimize=True)
        if buffer.tell() <= MAX_BYTES:
            break
    jpeg = buffer.getvalue()
    refuse_unless_bare(jpeg)
    return jpeg


def refuse_unless_bare(jpeg: bytes) -> None:
    """Check byte by byte that a JPEG is pixels and nothing else.

    This reads the file itself and trusts no library, so that a changed or broken one cannot let
    a position out.

    Raises
    ------
    PictureRefusedError
        A segment other than tables, frame and scan is in it, or bytes follow its end.
    """
    at = 2 if jpeg[:2] == b"\xff\xd8" else 0
    while at and jpeg[at] == 0xFF and jpeg[at + 1] in _BARE_SEGMENTS:
        marker, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4], "big")
        at += 2 + length
        if marker == 0xDA:
            at = _end_of_scan(jpeg, at)
    if not at or jpeg[at:] != b"\xff\xd9":
        raise PictureRefusedError("The photo could not be freed of hidden data, so it is not kept")


def _end_of_scan(jpeg: bytes, at: int) -> int:
    """Where the next marker stands that is neither a stuffed byte nor a restart."""
    while True:
        at = jpeg.index(b"\xff", at)
        if jpeg[at + 1] != 0 and not 0xD0 <= jpeg[at + 1] <= 0xD7:
            return at
        at += 2


def _position(image: Image.Image) -> PicturePosition | None:
    try:
        gps = image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        lat = _degrees(gps[ExifTags.GPS.GPSLatitude], gps.get(ExifTags.GPS.GPSLatitudeRef, "N"))
        lon = _degrees(gps[ExifTags.GPS.GPSLongitude], gps.get(ExifTags.GPS.GPSLongitudeRef, "E"))
        accuracy = float(gps.get(ExifTags.GPS.GPSHPositioningError, math.nan))
    except Exception:  # a position that cannot be read is none, not a fault
        return None
    is_place = abs(lat) <= 90 and abs(lon) <= 180 and (abs(lat) > 1e-6 or abs(lon) > 1e-6)
    if not is_place:  # a camera without a fix writes 0, 0
        return None
    return PicturePosition(lon, lat, accuracy if 0 < accuracy < 100_000 else None)


def _degrees(parts: Any, side: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    size = degrees + minutes / 60 + seconds / 3600
    return -size if str(side).strip().upper() in {"S", "W"} else size
