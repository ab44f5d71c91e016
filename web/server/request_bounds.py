"""What a request may hold before any page looks at it: files, numbers and letters."""

import re
from datetime import date
from typing import IO, Any, TypeVar

from flask import Flask, Request, abort, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.routing import IntegerConverter

MAX_BODY_BYTES = 60 * 1024 * 1024
MOST_FILES = 20
"""Far more than any form takes, each of which says itself how many; fewer than cost anything."""
MOST_PARTS = 1_000
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LARGEST_KEY = 2**31 - 1
"""Of a row: PostgreSQL's integer. SQLite's would be larger, and Python's is endless."""


FIRST_YEAR, LAST_YEAR = 1000, 9990
"""Next to the years 1 and 9999 no zone can be reckoned, and no day be added."""
Day = TypeVar("Day", bound=date)


def within_years(day: Day) -> Day:
    """The same day or moment.

    Raises
    ------
    ValueError
        It is of no year that is reckoned with.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"it is out of the years {FIRST_YEAR} to {LAST_YEAR}")
    return day


def sent_day(text: str) -> date:
    """A day as an address or a form writes it, such as 2026-06-30.

    Raises
    ------
    ValueError
        It is none, or of no year that is reckoned with.
    """
    return within_years(date.fromisoformat(text))


def whole_number(text: str) -> int:
    """A number as an address or a form writes it.

    Raises
    ------
    ValueError
        It is none, or larger than any key or count here.
    """
    if len(text) > len(str(LARGEST_KEY)) + 1 or abs(number := int(text)) > LARGEST_KEY:
        raise ValueError(f"{text[:20]!r} is larger than {LARGEST_KEY}")
    return number


def row_key(text: str | None) -> int | None:
    """The key of a row that a form or an address names; None where it can be none."""
    try:
        key = whole_number(text or "")
    except ValueError:
        return None
    return key if key >= 0 else None


class BoundedParameters(ImmutableMultiDict[str, str]):
    """Parameters whose ``type=int`` takes no number that a store cannot."""

    def get(self, key: str, default: Any = None, type: Any = None) -> Any:  # type: ignore[override]  # noqa: A002
        return super().get(key, default, _bounded(type))

    def getlist(self, key: str, type: Any = None) -> list[Any]:  # noqa: A002
        return super().getlist(key, _bounded(type))


def _bounded(kind: Any) -> Any:
    return whole_number if kind is int else kind


class ControlCharacterError(BadRequest):
    """A parameter has a character that is none of a text; the description names it."""

    def __init__(self, name: str) -> None:
        shown = without_control_characters(name)[:80]
        super().__init__(
            f"“{shown}” holds a character that cannot be shown or kept. Take it out, or type the "
            "text anew, and send it again. Nothing was changed."
        )


class SentForm(BoundedParameters):
    """What a form sent. A value with a control character is refused as soon as a page reads it.

    Lists are not: the forms' library reads by them, and refuses at the field (see
    ``web.forms.control_characters``).
    """

    def __getitem__(self, key: str) -> str:
        value: str = super().__getitem__(key)
        if has_control_characters(value):
            raise ControlCharacterError(key)
        return value


class BoundedRequest(Request):
    """A request that is refused as soon as more files come than any form takes."""

    parameter_storage_class = BoundedParameters

    def _load_form_data(self) -> None:
        is_read = "form" in self.__dict__
        super()._load_form_data()
        if not is_read:
            self.__dict__["form"] = SentForm(self.__dict__["form"])

    def _get_file_stream(self, *args: Any, **kwargs: Any) -> IO[bytes]:
        streams: list[IO[bytes]] = self.environ.setdefault("hotspots.files", [])
        if len(streams) == MOST_FILES:
            for stream in streams:  # the parser, cut off, leaves them open
                stream.close()
            raise RequestEntityTooLarge
        streams.append(super()._get_file_stream(*args, **kwargs))
        return streams[-1]


class KeyConverter(IntegerConverter):
    """``<int:key>``: no number that no row can have; such an address is not found."""

    def __init__(self, url_map: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(url_map, *args, **{"max": LARGEST_KEY} | kwargs)

    def to_python(self, value: str) -> int:
        return int(super().to_python(value[:20]))  # Python refuses to read 4,300 digits and more


def has_control_characters(text: str) -> bool:
    """Whether a text has a character that no text has: only tab and the ends of lines are some."""
    return CONTROL.search(text) is not None


def without_control_characters(text: str) -> str:
    """The same text without them."""
    return CONTROL.sub("", text)


def refuse_control_characters() -> None:
    """In an address, or in the name of a field: what a field holds is refused where it is read.

    PostgreSQL would refuse a null character half way and SQLite store it; no XML may hold the rest,
    and so neither an export to Word or Excel.
    """
    if "\x00" in request.path:
        abort(400)
    for name, value in request.args.items(multi=True):
        if has_control_characters(name + value):
            raise ControlCharacterError(name)
    if request.path.startswith("/api/"):
        return  # it says that it leaves aside what it does not know, however that is called
    for name in request.form:  # a part of a form may come without one
        if has_control_characters(name or ""):
            raise ControlCharacterError(name)


def bound_requests(app: Flask) -> None:
    """Bind the bounds to an application, before its routes are made."""
    app.request_class = BoundedRequest
    app.url_map.converters["int"] = KeyConverter
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY_BYTES, MAX_FORM_PARTS=MOST_PARTS)
    app.before_request(refuse_control_characters)
