"""Reports in the store."""

import secrets
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.core.sent_once import refuse_other, under_key
from geodata.models import PosterSite, Report

ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"  # no vowels: no words; no 0, 1, I, L or O: no misreading
REFERENCE_LENGTH = 10
_LETTERS = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))
_UNFAIR = bytes(range(256 // len(ALPHABET) * len(ALPHABET), 256))
"""Random bytes that are thrown away: they would favour the alphabet's first letters."""

RECORDED_ELSEWHERE = ("import", "synthetic")
"""Channels of reports that another system followed up, or nobody: no job of ours waits for them."""


def new_reference() -> str:
    """Ten characters that cannot be guessed (48 bits) and can be read over the telephone."""
    return new_references(1)[0]


def new_references(n: int) -> list[str]:
    """So many of them, a million in a second."""
    wanted = n * REFERENCE_LENGTH
    letters = ""
    while len(letters) < wanted:
        letters += secrets.token_bytes(wanted).translate(_LETTERS, _UNFAIR).decode()
    return [letters[at : at + REFERENCE_LENGTH] for at in range(0, wanted, REFERENCE_LENGTH)]


def add(session: Session, **columns: object) -> Report:
    """A new report under a new reference."""
    report = Report(reference=new_reference(), **columns)
    session.add(report)
    session.flush()
    return report


def as_reference(text: str) -> str:
    """A reference as people copy it: without spaces and hyphens, in capitals.

    >>> as_reference(" 2bcd-fgh jkm ")
    '2BCDFGHJKM'
    """
    return "".join(text.split()).replace("-", "").upper()[:20]


def by_reference(session: Session, reference: str) -> Report | None:
    """The report of a reference, however it was copied."""
    return session.scalar(select(Report).where(Report.reference == as_reference(reference)))


def by_ids(session: Session, keys: Collection[int]) -> list[Report]:
    """Reports of these keys, in their order."""
    return list(session.scalars(select(Report).where(Report.id.in_(keys)).order_by(Report.id)))


def incidents_of(session: Session, keys: Collection[int]) -> set[int]:
    """Incidents that reports belong to."""
    query = select(Report.incident_id).where(Report.id.in_(keys))
    return {key for key in session.scalars(query) if key is not None}


def by_idempotency_key(session: Session, key: str) -> Report | None:
    """The report that a key was used for already.

    Raises
    ------
    KeyReusedError
        It was used with something else.
    """
    report = session.scalar(select(Report).where(under_key(Report.idempotency_key, key)))
    refuse_other(report.idempotency_key if report else None, key)
    return report


def poster_site(session: Session, code: str) -> int | None:
    """Key of the poster site of a code; None where there is none: old posters hang for years."""
    return session.scalar(select(PosterSite.id).where(PosterSite.code == code))
