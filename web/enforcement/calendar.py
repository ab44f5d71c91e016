"""Deadlines as an iCalendar document (RFC 5545)."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from web.services.enforcement.notice_deadlines import Due


def calendar_text(lines: Iterable[Due], *, now: datetime) -> str:
    """Each deadline as an event of a whole day."""
    rows = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//canister-hotspots//deadlines//EN",
        "X-WR-CALNAME:Enforcement deadlines",
        *(row for due in lines for row in _event(due, now)),
        "END:VCALENDAR",
    ]
    return "".join(part for row in rows for part in _folded(row))


def _event(due: Due, now: datetime) -> Iterator[str]:
    key = f"{due.subject}|{due.words}|{due.on}"
    yield "BEGIN:VEVENT"
    yield f"UID:{hashlib.sha256(key.encode()).hexdigest()[:32]}@canister-hotspots"
    yield f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{due.on:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{due.on + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escaped(f'{due.subject}: {due.words}')}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _escaped(text: str) -> str:
    for character in ("\\", ";", ","):
        text = text.replace(character, f"\\{character}")
    return text.replace("\n", "\\n")


def _folded(row: str) -> Iterator[str]:
    """A line of at most 75 octets, what is over on lines that begin with a space."""
    start = ""
    while len((start + row).encode()) > 75:
        cut = 74
        while len((start + row[:cut]).encode()) > 75:
            cut -= 1
        yield f"{start}{row[:cut]}\r\n"
        row, start = row[cut:], " "
    yield f"{start}{row}\r\n"
