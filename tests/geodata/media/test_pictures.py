"""What strangers upload becomes pixels, or is refused."""

import io
import string
import struct
import zipfile
import zlib
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from geodata.media import pictures
from geodata.media.pictures import PictureRefusedError, clean, refuse_unless_bare
from tests.fuzzing import fuzzed
from tests.pictures import HEIC, encoded, exif_at, picture


def pixels(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg))


def is_near(colour: object, wanted: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(colour, wanted, strict=True))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_the_formats_of_telephones_are_taken(form: str) -> None:
    cleaned = clean(encoded(picture(), form))
    assert (cleaned.width_px, cleaned.height_px) == (80, 40)
    assert pixels(cleaned.jpeg).format == "JPEG"
    assert is_near(pixels(cleaned.jpeg).getpixel((70, 30)), (255, 0, 0))


def test_heic_is_taken_with_its_position() -> None:
    cleaned = clean(HEIC)
    assert (cleaned.width_px, cleaned.height_px) == (64, 32)
    assert is_near(pixels(cleaned.jpeg).getpixel((30, 15)), (200, 30, 30))
    assert cleaned.position is not None
    assert cleaned.position.lat == pytest.approx(51.44458, abs=1e-5)


def test_nothing_but_pixels_comes_out() -> None:
    info = {"exif": exif_at(), "comment": b"taken by Jo", "icc_profile": b"profile-bytes" * 20}
    dirty = encoded(picture(), **info) + b"bytes after the end, jo@example.org"
    assert b"Secretphone" in dirty
    cleaned = clean(dirty)
    for jpeg in (cleaned.jpeg, cleaned.thumbnail):
        for secret in (b"Secretphone", b"Exif", b"Jo", b"jo@", b"profile"):
            assert secret not in jpeg
        assert not pixels(jpeg).getexif()
        assert set(pixels(jpeg).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_text_in_a_png_does_not_come_out() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "Jo Bloggs")
    text.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>Jo Bloggs</x:xmpmeta>")
    assert b"Bloggs" not in clean(encoded(picture(), "PNG", pnginfo=text)).jpeg


# Where the blue quarter of an 80 by 40 picture goes, by the EXIF standard's own table
@pytest.mark.parametrize(
    ("turn", "size", "blue"),
    [
        (1, (80, 40), (10, 10)),
        (2, (80, 40), (70, 10)),
        (3, (80, 40), (70, 30)),
        (4, (80, 40), (10, 30)),
        (5, (40, 80), (10, 10)),
        (6, (40, 80), (30, 10)),
        (7, (40, 80), (30, 70)),
        (8, (40, 80), (10, 70)),
    ],
)
def test_pictures_are_turned_upright(
    turn: int, size: tuple[int, int], blue: tuple[int, int]
) -> None:
    cleaned = clean(encoded(picture(), exif=exif_at(turn=turn), quality=95))
    assert (cleaned.width_px, cleaned.height_px) == size
    assert is_near(pixels(cleaned.jpeg).getpixel(blue), (0, 0, 255))


def test_a_big_picture_is_made_small() -> None:
    noise = Image.effect_noise((3000, 2000), 90).convert("RGB")
    cleaned = clean(encoded(noise, quality=90))
    assert (cleaned.width_px, cleaned.height_px) == (1600, 1067)  # 2000 * 1600 / 3000
    assert len(cleaned.jpeg) <= 700 * 1024
    assert max(pixels(cleaned.thumbnail).size) == 320


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "RGBA", "1", "LA"])
def test_every_kind_of_colour_is_taken(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    assert pixels(clean(encoded(picture(mode=mode), form)).jpeg).mode == "RGB"


def test_what_is_see_through_becomes_white() -> None:
    glass = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    assert is_near(pixels(clean(encoded(glass, "PNG")).jpeg).getpixel((10, 10)), (255, 255, 255))


def test_the_camera_s_position_is_read() -> None:
    at = clean(encoded(picture(), exif=exif_at(GPSHPositioningError=7.5))).position
    assert at is not None
    assert (at.lat, at.lon) == pytest.approx((51.4456, 0.2137), abs=1e-6)
    assert at.accuracy_m == 7.5


def test_west_and_south_are_negative() -> None:
    exif = exif_at(GPSLatitudeRef="S", GPSLongitudeRef="W")
    at = clean(encoded(picture(), exif=exif)).position
    assert at is not None
    assert (at.lat, at.lon) == pytest.approx((-51.4456, -0.2137), abs=1e-6)


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),  # a camera without a fix
        ((91.0, 0.0, 0.0), (0.0, 10.0, 0.0)),
        ((51.0, 0.0), (0.0, 10.0, 0.0)),
    ],
)
def test_a_position_that_is_none_is_not_offered(lat: object, lon: object) -> None:
    assert clean(encoded(picture(), exif=exif_at(lat, lon))).position is None


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        opened.writestr("a.txt", "hidden")
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        encoded(picture()) + archive(),
        encoded(picture(), comment=b"<script>alert(1)</script>"),
        encoded(picture(), comment=b"<?php system($_GET[0]);"),
        encoded(picture(), comment=b"%PDF-1.7 object"),
        encoded(picture(), "PNG") + b"<HTML>",
    ],
    ids=["zip", "script", "php", "pdf", "html"],
)
def test_a_file_that_is_something_else_as_well_is_refused(content: bytes) -> None:
    with pytest.raises(PictureRefusedError, match="holds more than a photo"):
        clean(content)


def png_of(width: int, height: int) -> bytes:
    """A PNG that claims a size; its pixels are zeros, packed a thousandfold."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [8_001, 12_000, 60_000])
def test_a_decompression_bomb_is_refused_before_it_is_opened(side: int) -> None:
    with pytest.raises(PictureRefusedError):
        clean(png_of(side, side))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        encoded(picture(), "GIF"),
        encoded(picture(), "BMP"),
        encoded(picture((400, 400)))[:1000],
        bytes(20 * 1024 * 1024 + 1),
    ],
    ids=["empty", "text", "svg", "gif", "bmp", "truncated", "too big"],
)
def test_anything_else_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(PictureRefusedError, match=r"photo"):
        clean(content)


@given(st.binary(max_size=300), st.integers(0, 600))
def test_damaged_bytes_never_raise_anything_else(noise: bytes, at: int) -> None:
    sound = encoded(picture(), exif=exif_at())
    for content in (noise, sound[:at] + noise + sound[at + len(noise) :]):
        try:
            cleaned = clean(content)
        except PictureRefusedError:
            continue
        assert not pixels(cleaned.jpeg).getexif()


def test_a_broken_library_lets_no_picture_through(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise SystemError("the image library is broken")

    monkeypatch.setattr(pictures.ImageOps, "exif_transpose", fail)
    with pytest.raises(PictureRefusedError):
        clean(encoded(picture(), exif=exif_at()))


def test_a_library_that_keeps_metadata_lets_no_picture_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    save = Image.Image.save

    def leaky(image: Image.Image, target: object, form: str, **options: object) -> None:
        save(image, target, form, **options, exif=exif_at())

    photo = encoded(picture())
    monkeypatch.setattr(Image.Image, "save", leaky)
    with pytest.raises(PictureRefusedError, match="hidden data"):
        clean(photo)


@pytest.mark.parametrize(
    "jpeg",
    [
        encoded(picture(), exif=exif_at()),
        encoded(picture(), comment=b"x"),
        encoded(picture()) + b"\x00",
        encoded(picture())[:-2],
        encoded(picture(), "PNG"),
        b"",
    ],
    ids=["exif", "comment", "trailing", "no end", "png", "empty"],
)
def test_the_check_of_what_was_written_trusts_nobody(jpeg: bytes) -> None:
    with pytest.raises((PictureRefusedError, ValueError, IndexError)):
        refuse_unless_bare(jpeg)


@pytest.mark.parametrize("options", [{"progressive": True}, {"optimize": True}, {"quality": 5}])
def test_every_plain_jpeg_passes_the_check(options: dict[str, object]) -> None:
    refuse_unless_bare(encoded(Image.effect_noise((200, 150), 99), **options))


exif_values = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.integers(0, 2**31),
    st.text(string.ascii_letters, max_size=6),
    st.tuples(*[st.floats(0, 400)] * 3),
    st.lists(st.floats(0, 1e6), max_size=4).map(tuple),
)


@fuzzed
@given(lat=exif_values, lon=exif_values, at=st.integers(0, 400), noise=st.binary(max_size=8))
@example(lat=(1e9, 0.0, 0.0), lon=(0.0, 0.0, 0.0), at=0, noise=b"")
def test_fuzzed_positions_of_a_camera_lie_on_earth_or_are_none(
    lat: object, lon: object, at: int, noise: bytes
) -> None:
    try:
        sound = encoded(picture(), exif=exif_at(lat, lon))
    except (struct.error, TypeError, ValueError, AttributeError, ZeroDivisionError, OverflowError):
        return  # Pillow itself writes no such tag
    at += 12  # behind the marks of a JPEG and of its Exif
    position = None
    with suppress(PictureRefusedError):
        position = clean(sound[:at] + noise + sound[at + len(noise) :]).position
    assert position is None or (abs(position.lat) <= 90 and abs(position.lon) <= 180)
