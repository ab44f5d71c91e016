"""Pictures for social media, of good news and of the public pages: 1200 by 630 pixels, PNG."""

import io
import textwrap
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

SIZE = 1200, 630
INK, PAPER, BAND = "#0b0c0c", "#ffffff", "#0b3d4c"
MARGIN = 70


def share_card(title: str, figures: Sequence[tuple[str, str]], council: str, mark: str) -> bytes:
    """A PNG with the title, up to two numbers with their words, and the council's name.

    ``mark`` stands at the foot; it may be empty.
    """
    image, draw = _headed(council, title)
    for x, (number, words) in zip((MARGIN, SIZE[0] // 2 + 20), figures, strict=False):
        _figure(draw, x, number, words)
    if mark:
        draw.text((MARGIN, SIZE[1] - 52), mark, font=_font(22), fill=INK)
    return _png(image)


@lru_cache(maxsize=8)
def front_card(council: str) -> bytes:
    """A PNG for the public pages: what the service is for, and whose it is."""
    image, draw = _headed(council, "Report dumped nitrous oxide canisters")
    lines = ("It takes two minutes and needs no account.", "See how many were cleared in time.")
    for line, y in zip(lines, (360, 415), strict=True):
        draw.text((MARGIN, y), line, font=_font(34), fill=BAND)
    return _png(image)


def _headed(council: str, title: str) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, SIZE[0], 96), fill=BAND)
    draw.text((MARGIN, 28), council, font=_font(36), fill=PAPER)
    y = 140
    for line in textwrap.wrap(title, 42)[:3]:
        draw.text((MARGIN, y), line, font=_font(50), fill=INK)
        y += 62
    return image, draw


def _png(image: Image.Image) -> bytes:
    png = io.BytesIO()
    image.save(png, "PNG", optimize=True)
    return png.getvalue()


def _figure(draw: ImageDraw.ImageDraw, x: int, number: str, words: str) -> None:
    size = 110 if len(number) <= 4 else 60
    draw.text((x, 480 - size), number, font=_font(size), fill=BAND)
    for n, line in enumerate(textwrap.wrap(words, 34)[:2]):
        draw.text((x, 505 + 36 * n), line, font=_font(30), fill=INK)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
