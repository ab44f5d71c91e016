"""What a request says, read before anything is written."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from flask import request

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import ChargerBand
from geodata.rules.days import local_day
from web.api.faults import Fault, FaultError
from web.api.open311.service import CODE, FLAGS, SENT_BY_THE_SERVER
from web.database import read_session
from web.server.request_bounds import whole_number, within_years
from web.services.api import open311
from web.services.common.placing import Spot
from web.services.reporting import sending

LONGEST_SPAN = timedelta(days=90)
AFTER_WORDS = ("url:", "submitted via", "title: ''")


def refuse(where: str, what: str, status: int = 400) -> FaultError:
    """A refusal of one parameter."""
    return FaultError(status, "The request could not be read", what, [Fault(where, what)])


def check_service() -> None:
    """Let a request for our service pass.

    Raises
    ------
    FaultError
        It names none, or another one.
    """
    code = request.form.get("service_code", "")
    if not code:
        raise refuse("service_code", f"it is missing: send {CODE}")
    if code != CODE:
        raise refuse("service_code", f"{code[:40]!r} is no service here: send {CODE}", 404)


def sent_spot(now: datetime) -> Spot:
    """Where it is: by latitude and longitude, else by the one place that an address means.

    Raises
    ------
    FaultError
        Neither is there, or it cannot be read.
    """
    lat, long = request.form.get("lat", ""), request.form.get("long", "")
    if lat or long:
        position = sending.Position(_degrees("long", long, 180), _degrees("lat", lat, 90))
        try:
            return sending.spot_of(position)
        except RefusedError as error:
            raise refuse("lat, long", str(error)) from None
    words = request.form.get("address_string", "").strip()[:200]
    if not words:
        raise refuse("lat, long", "the place is missing: send lat and long, or address_string")
    spot = open311.spot_of_words(read_session(), words, now=now)
    if spot is None:
        raise refuse(
            "address_string", f"{words!r} means no place here, or several: send lat and long"
        )
    return spot


def _degrees(name: str, text: str, most: float) -> float:
    try:
        degrees = float(text[:40])
    except ValueError:
        raise refuse(name, f"{text[:40]!r} is no number of degrees, such as 51.4471") from None
    if not -most <= degrees <= most:
        raise refuse(name, f"{text[:40]} is not within -{most:g} to {most:g}")
    return degrees


def sent_facts() -> dict[str, object]:
    """What the attributes say of the canisters, by the names of a report.

    Raises
    ------
    FaultError
        One has a value that it may not have.
    """
    band = _attribute("charger_band") or ChargerBand.UNKNOWN.value
    if band not in set(ChargerBand):
        raise refuse("attribute[charger_band]", f"{band[:40]!r}: send {', '.join(ChargerBand)}")
    flags = {name: _attribute(name).casefold() in {"yes", "true", "1"} for name in FLAGS}
    return {"charger_band": band, "cylinders": _cylinders(), **flags}


def _cylinders() -> int | None:
    text = _attribute("cylinders")
    try:
        number = whole_number(text) if text else None
    except ValueError:
        number = -1
    if number is not None and not 0 <= number <= 9_999:
        raise refuse("attribute[cylinders]", f"{text[:20]!r}: send a whole number from 0 to 9999")
    return number


def _attribute(code: str) -> str:
    return request.form.get(f"attribute[{code}]", "").strip()


def sent_words() -> str:
    """What the reporter wrote, without what their system puts around it."""
    lines = request.form.get("description", "").replace("\r", "").split("\n")
    kept = (line.strip() for line in lines if not line.strip().lower().startswith(AFTER_WORDS))
    return "\n".join(line for line in kept if line)[: sending.LONGEST_TEXT]


def same_request_key(now: datetime) -> str:
    """What tells a request that is sent again: its number there, else all that it says today."""
    if number := _attribute(SENT_BY_THE_SERVER):
        return f"{CODE} {number}"
    fields = sorted((n, v) for n, v in request.form.items(multi=True) if n != "api_key")
    return sha256(repr((local_day(now), fields)).encode()).hexdigest()


def span(now: datetime, default: timedelta) -> tuple[datetime, datetime]:
    """From when to when is asked, at most 90 days; what is not given follows from the other.

    Raises
    ------
    FaultError
        A moment cannot be read, or the span is longer or ends before it begins.
    """
    first, last = _moment("start_date"), _moment("end_date")
    if first is None:
        last = last or now
        first = last - default
    last = last or min(now, first + LONGEST_SPAN)
    if last < first:
        raise refuse("end_date", "it lies before start_date")
    if last - first > LONGEST_SPAN:
        raise refuse("start_date, end_date", "they span more than 90 days: ask for less")
    return first, last


def _moment(name: str) -> datetime | None:
    text = request.args.get(name, "")
    if not text:
        return None
    try:
        return read_moment(text)
    except ValueError:
        what = f"{text[:40]!r} is no moment such as 2026-11-01T09:30:00Z"
        raise refuse(name, what) from None


def read_moment(text: str) -> datetime:
    """A moment of W3C's format with its offset.

    Raises
    ------
    ValueError
        It is none, has no offset, or is of no year that is known here.
    """
    moment = datetime.fromisoformat(text[:40].replace(" ", "+"))  # an offset's plus, not encoded
    if moment.tzinfo is None:
        raise ValueError(text)
    return within_years(moment)


def sent_references(texts: Iterable[str]) -> list[str]:
    """References of a list with commas.

    Raises
    ------
    FaultError
        There are more than one answer holds.
    """
    references = [
        each.strip().upper() for text in texts for each in text.split(",") if each.strip()
    ]
    if len(references) > open311.MOST:
        raise refuse("service_request_id", f"{len(references)} are too many: send {open311.MOST:,}")
    return references
