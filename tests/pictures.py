"""Small pictures made for tests; none was taken by a camera."""

import base64
import io

from PIL import ExifTags, Image

WESTGATE = ((51.0, 26.0, 44.16), (0.0, 12.0, 49.32))
"""51.4456 N, 0.2137 E in degrees, minutes and seconds: 51 + 26/60 + 44.16/3600."""


def picture(
    size: tuple[int, int] = (80, 40), colour: str = "red", mode: str = "RGB"
) -> Image.Image:
    """A plain picture whose upper left quarter is blue, so that its turns can be seen."""
    image = Image.new("RGB", size, colour)
    image.paste("blue", (0, 0, size[0] // 2, size[1] // 2))
    return image.convert(mode)


def encoded(image: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    """The picture as a file."""
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def exif_at(
    lat: object = WESTGATE[0], lon: object = WESTGATE[1], *, turn: int = 1, **more: object
) -> Image.Exif:
    """What a telephone writes beside a picture."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = turn
    exif[ExifTags.Base.Make] = "Secretphone"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", lat
    gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = "E", lon
    for name, value in more.items():
        gps[ExifTags.GPS[name]] = value
    return exif


# A red picture of 64 by 32 pixels at 51.44458 N, 0.21933 E, written by pillow-heif for this test.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAb5tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAA"
    "AAAAAAAAAAAAADRpbG9jAAAAAERAAAIAAQAAAAAB4gABAAAAAAAAABkAAgAAAAAB+wABAAAAAAAAAJYAAAA4aWlu"
    "ZgAAAAAAAgAAABVpbmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA"
    "/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMA"
    "AAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkA"
    "AAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAIAAAAAEAAAAA"
    "AAAAAv///+AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAABppcmVmAAAAAAAA"
    "AA5jZHNjAAIAAQABAAAAt21kYXQAAAAVKAGvC2D15YOv//LK9+oog6FXT/UOAAAABkV4aWYAAE1NACoAAAAIAAIB"
    "EgADAAAAAQAGAACIJQAEAAAAAQAAACYAAAAAAAQAAQACAAAAAk4AAAAAAgAFAAAAAwAAAFwAAwACAAAAAkUAAAAA"
    "BAAFAAAAAwAAAHQAAAAAAAAAMwAAAAEAAAAaAAAAAQAAAFEAAAACAAAAAAAAAAEAAAANAAAAAQAAADAAAAAF"
)
