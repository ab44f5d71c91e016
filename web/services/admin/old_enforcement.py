"""Cases and entries of the audit log that are kept no longer: blanked, never deleted."""

from datetime import datetime

import pandas as pd
from sqlalchemy.orm import Session

from geodata.enforcement import old_cases
from geodata.people import audit, old_entries
from geodata.people.audit import Actor
from geodata.people.holds import Held
from web.services.admin.retention_schedule import Terms


def blank_cases(session: Session, terms: Terms, held: Held, now: datetime) -> int:
    keys, _ = _old_cases(session, terms, held, now)
    some = keys[: old_cases.AT_ONCE]
    for key in some:
        audit.write(session, Actor(None, now), old_cases.BLANKED, old_cases.ENTITY, key)
    return old_cases.blank(session, some)


def _old_cases(
    session: Session, terms: Terms, held: Held, now: datetime
) -> tuple[list[int], list[int]]:
    """Cases that are due, and those that a hold keeps."""
    if terms.enforcement_years is None:
        return [], []
    old = old_cases.ended(session, before=years_before(terms.enforcement_years, now))
    texts = old_cases.texts_of(session, old) if held.persons else {}
    kept = {key for key in old if key in held.action_ids or held.has_text(texts.get(key))}
    return [key for key in old if key not in kept], sorted(kept)


def blank_entries(session: Session, terms: Terms, held: Held, now: datetime) -> int:
    if terms.audit_years is None:
        return 0
    before = years_before(terms.audit_years, now)
    keys = old_entries.old(session, before=before, kept=held.action_ids)
    return old_entries.blank(session, keys)


def years_before(years: int, now: datetime) -> datetime:
    before: datetime = (pd.Timestamp(now) - pd.DateOffset(years=years)).to_pydatetime()
    return before


def count_cases(session: Session, terms: Terms, held: Held, now: datetime) -> tuple[int, int]:
    free, kept = _old_cases(session, terms, held, now)
    return len(free), len(kept)


def count_entries(session: Session, terms: Terms, held: Held, now: datetime) -> tuple[int, int]:
    before = years_before(terms.audit_years or 0, now)
    every = old_entries.count_old(session, before=before, kept=())
    free = old_entries.count_old(session, before=before, kept=held.action_ids)
    return free, every - free
