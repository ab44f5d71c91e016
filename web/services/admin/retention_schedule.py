"""The schedule of what is kept how long, in words: what ends by itself, and what does not."""

from dataclasses import dataclass, replace
from datetime import timedelta

from geodata.media import photos
from geodata.people import followers

DRAFT_KEPT = timedelta(hours=24)
MAIL_KEPT = timedelta(days=30)
MARKED_KEPT = timedelta(days=90)
COPIES_KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Terms:
    """The terms that an installation sets."""

    retention_months: int = 6
    record_years: int = 6
    backup_days: int = 35
    enforcement_years: int | None = 6
    """None: cases are kept as they are."""
    audit_years: int | None = None


@dataclass(frozen=True)
class Class:
    """One class of data.

    Attributes
    ----------
    name
        As results name it.
    what, why, how_long
        For people.
    """

    name: str
    what: str
    why: str
    how_long: str


def classes(terms: Terms) -> list[Class]:
    """The schedule of what ends by itself, in words."""
    rejected, mails = photos.REJECTED_KEPT.days, MAIL_KEPT.days
    hours = int(DRAFT_KEPT.total_seconds() // 3600)
    return [
        Class(
            "contacts",
            "Reporters’ email addresses and mobile numbers",
            "To write to them about their report",
            f"{terms.retention_months} months after the incident was cleared",
        ),
        Class(
            "texts",
            "What reporters wrote, and their photos",
            "To find and clear the canisters, and as evidence",
            f"{terms.record_years} years after the incident was cleared",
        ),
        Class(
            "mails",
            "Mails and text messages that were sent",
            "To send each of them once",
            f"{mails} days; then only that it was sent",
        ),
        Class(
            "followers",
            "Email addresses of people who follow a ward",
            "To send them what is published",
            f"{followers.FOLLOWED.days // 365} years at most, or until they stop; "
            f"{followers.UNCONFIRMED_KEPT.days} days where nobody confirmed it",
        ),
        Class(
            "marked",
            "Imported texts that may name somebody, beside the record",
            "So that an officer can put back what names nobody",
            f"{MARKED_KEPT.days} days, or until an officer decides or the text itself goes",
        ),
        Class(
            "copies",
            "Reports as they stood before a feed’s file changed or withdrew them",
            "So that the import can be undone",
            f"{COPIES_KEPT.days} days",
        ),
        Class("drafts", "Reports not sent", "So that people can go back", f"{hours} hours"),
        Class(
            "photos",
            "Rejected photos",
            "In case one was rejected by mistake",
            f"{rejected} days",
        ),
        Class(
            "backups",
            "Backups made by hotspots backup",
            "To bring the service back after a fault",
            f"{terms.backup_days} days",
        ),
        *(_aged(each, years) for each, years in _by_years(terms) if years is not None),
    ]


def kept_on(terms: Terms) -> list[Class]:
    """What does not end by itself, and why."""
    return [*_FOR_EVER, *(each for each, years in _by_years(terms) if years is None)]


def _by_years(terms: Terms) -> list[tuple[Class, int | None]]:
    return [(_CASES, terms.enforcement_years), (_LOG, terms.audit_years)]


def _aged(of: Class, years: int) -> Class:
    since = "the last case of the person was closed" if of is _CASES else "the entry was made"
    return replace(of, how_long=f"{years} years after {since}; kind, day and state stay")


_CASES = Class(
    "enforcement",
    "What may say who an enforcement case was about: references, notes, grounds, reasons",
    "Evidence, appeals and accounts",
    "As long as the council’s own schedule says",
)
_LOG = Class(
    "audit",
    "Audit log: who read or changed what, and why",
    "To show that the record is as it was made",
    "As long as the record itself",
)
_FOR_EVER = (
    Class(
        "incidents",
        "Place, time and kind of what was dumped; outcomes",
        "To compare years. It says nothing of a reporter",
        "As long as the council needs it",
    ),
    Class(
        "cases",
        "Penalty notices and their steps: kind, day, place, amount and states",
        "To account for enforcement. They say nothing of a person",
        "As long as the council needs it",
    ),
    Class(
        "footage",
        "References of recordings and requests for CCTV footage, never the footage",
        "To show that each export was deleted in time",
        "As long as the notice they are for; the recording itself by the day entered with it",
    ),
    Class(
        "releases",
        "Published figures",
        "What was published stays as it went out",
        "For ever",
    ),
)
