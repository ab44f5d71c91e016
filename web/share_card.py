"""The picture of good news, for social media: 1200 by 630 pixels, PNG."""

import io
import textwrap

from PIL import Image, ImageDraw, ImageFont

from web.services.effects.good_news import GoodNews

SIZE = 1200, 630
INK, PAPER, BAND = "#0b0c0c", "#ffffff", "#0b3d4c"
MARGIN = 70


def share_card(news: GoodNews, council: str, *, mark: str = "") -> bytes:
    """A PNG with the title, both figures and the council's name; ``mark`` stands at the foot."""
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, SIZE[0], 96), fill=BAND)
    draw.text((MARGIN, 28), council, font=_font(36), fill=PAPER)
    y = 140
    for line in textwrap.wrap(news.title, 42)[:3]:
        draw.text((MARGIN, y), line, font=_font(50), fill=INK)
        y += 62
    span = f"{news.months} months" if news.months > 1 else "1 month"
    _figure(draw, MARGIN, news.before, f"dumps in {span} before")
    _figure(draw, SIZE[0] // 2 + 20, news.after, f"dumps in {span} since")
    if mark:
        draw.text((MARGIN, SIZE[1] - 52), mark, font=_font(22), fill=INK)
    png = io.BytesIO()
    image.save(png, "PNG", optimize=True)
    return png.getvalue()


def _figure(draw: ImageDraw.ImageDraw, x: int, number: str, words: str) -> None:
    size = 110 if len(number) <= 4 else 60
    draw.text((x, 480 - size), number, font=_font(size), fill=BAND)
    draw.text((x, 505), words, font=_font(30), fill=INK)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
