"""JPEGs of several frames, as telephones write portraits: the first is taken, no other read."""

import io
import re
import struct

import pytest
from PIL import Image, ImageFile

from geodata.media.pictures import PictureRefusedError, clean
from tests.pictures import encoded, exif_at, picture


def has_red_at(jpeg: bytes, place: tuple[int, int]) -> bool:
    red, green, blue = Image.open(io.BytesIO(jpeg)).getpixel(place)
    return red > 243 and green < 12 and blue < 12


def frames(*images: Image.Image) -> bytes:
    """A JPEG of several frames with an index of them (CIPA DC-007)."""
    first, *others = images
    return encoded(first, "MPO", save_all=True, append_images=others, exif=exif_at())


def test_of_a_picture_of_several_frames_the_first_is_taken() -> None:
    content = frames(picture(), picture((80, 40), "green"), picture((40, 20), "white"))
    with Image.open(io.BytesIO(content)) as opened:
        assert (opened.format, opened.n_frames) == ("MPO", 3)
    cleaned = clean(content)
    assert (cleaned.width_px, cleaned.height_px) == (80, 40)
    assert has_red_at(cleaned.jpeg, (70, 30))
    assert cleaned.position is not None
    assert cleaned.position.lat == pytest.approx(51.4456, abs=1e-5)


def with_frame_size(content: bytes, frame: int, width: int, height: int) -> bytes:
    """The same file, whose n-th frame (from 0) claims another size in its header (SOF0)."""
    at = [header.start() for header in re.finditer(b"\xff\xc0\x00\x11\x08", content)][frame]
    return content[: at + 5] + struct.pack(">HH", height, width) + content[at + 9 :]


def test_a_bomb_in_another_frame_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = with_frame_size(frames(picture(), picture()), 1, 65_500, 65_500)
    decoded: list[tuple[int, int]] = []
    load = ImageFile.ImageFile.load

    def count(image: ImageFile.ImageFile) -> object:
        decoded.append(image.size)
        return load(image)

    monkeypatch.setattr(ImageFile.ImageFile, "load", count)
    assert clean(bomb).width_px == 80
    assert set(decoded) == {(80, 40)}


def test_a_bomb_in_the_first_of_several_frames_is_refused_by_its_header() -> None:
    bomb = with_frame_size(frames(picture(), picture()), 0, 65_500, 65_500)
    # 65,500 * 65,500 = 4,290.25 million
    with pytest.raises(PictureRefusedError, match="4290 million pixels: choose one of up to 64"):
        clean(bomb)


@pytest.mark.parametrize(
    "entry",  # of the index, little end first: tag, type, count; what follows is made to lie
    [b"\x01\xb0\x04\x00\x01\x00\x00\x00", b"\x02\xb0\x07\x00"],
    ids=["four thousand million frames", "an index of 4 GB"],
)
def test_an_index_of_frames_that_lies_is_not_read(entry: bytes) -> None:
    content = frames(picture(), picture())
    at = content.index(entry) + len(entry)
    assert clean(content[:at] + b"\xff\xff\xff\xff" + content[at + 4 :]).width_px == 80
