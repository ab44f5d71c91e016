"""Who clears, by the day, and whose jobs a crew may see. Series break where contracts change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.core.errors import NotFoundError, RefusedError
from geodata.models import ContractPeriod
from geodata.rules.days import date_in_words

LONGEST_NAME = 80


@dataclass(frozen=True)
class CrewScope:
    """Whose jobs somebody may see: everybody's, or those of one contract.

    Attributes
    ----------
    is_everything
        An officer's, or a crew's of a council that keeps no contracts: there is only one.
    contractor
        Whose jobs; None: nobody's.
    first_day
        The contract's; what ended before it is of an earlier one. None: open.
    """

    is_everything: bool = False
    contractor: str | None = None
    first_day: date | None = None


@dataclass(frozen=True)
class Terms:
    """Who clears, from which local day to which, both included; and by which decision."""

    contractor: str
    valid_from: date | None
    valid_to: date | None
    source: str


EVERYTHING = CrewScope(is_everything=True)
NOTHING = CrewScope()


def crew_scope(session: Session, employer: str | None, day: date) -> CrewScope:
    """What a crew of an employer may see on a local day: the jobs of the contract it holds then."""
    periods = session.scalars(select(ContractPeriod).order_by(ContractPeriod.id)).all()
    if not periods:
        return EVERYTHING
    held = [period for period in periods if _holds(period, day) and period.contractor == employer]
    return CrewScope(contractor=employer, first_day=held[0].valid_from) if held else NOTHING


def firms_of(session: Session, day: date) -> set[str]:
    """Who holds a contract on a local day."""
    periods = session.scalars(select(ContractPeriod).order_by(ContractPeriod.id))
    return {period.contractor for period in periods if _holds(period, day)}


def all_periods(session: Session) -> list[ContractPeriod]:
    """Every contract, in order of time."""
    periods = session.scalars(select(ContractPeriod).order_by(ContractPeriod.id))
    return sorted(periods, key=lambda period: period.valid_from or date.min)


def find(session: Session, key: int) -> ContractPeriod:
    """A contract.

    Raises
    ------
    NotFoundError
        There is none of this key.
    """
    period = session.get(ContractPeriod, key)
    if period is None:
        raise NotFoundError(f"there is no contract {key}")
    return period


def add(session: Session, terms: Terms) -> ContractPeriod:
    """A new contract.

    Raises
    ------
    RefusedError
        It has no contractor or source, or ends before it begins.
    """
    period = ContractPeriod(contractor="")
    change(session, period, terms)
    session.add(period)
    session.flush()
    return period


def change(session: Session, period: ContractPeriod, terms: Terms) -> None:
    """Give a contract other terms.

    Raises
    ------
    RefusedError
        As ``add``.
    """
    _refuse(terms)
    period.contractor, period.source = terms.contractor.strip(), terms.source.strip()
    period.valid_from, period.valid_to = terms.valid_from, terms.valid_to
    session.flush()


def remove(session: Session, period: ContractPeriod) -> None:
    """Take a contract out that was entered by mistake."""
    session.delete(period)
    session.flush()


def _refuse(terms: Terms) -> None:
    if not 1 <= len(terms.contractor.strip()) <= LONGEST_NAME:
        raise RefusedError(
            f"the contractor's name has {len(terms.contractor.strip())} characters: write from 1 "
            f"to {LONGEST_NAME}"
        )
    if not terms.source.strip():
        raise RefusedError("the source is empty: name the contract or the decision")
    first, last = terms.valid_from, terms.valid_to
    if first and last and last < first:
        raise RefusedError(
            f"{date_in_words(last)} lies before the first day, {date_in_words(first)}: exchange "
            "them"
        )


def _holds(period: ContractPeriod, day: date) -> bool:
    return (period.valid_from is None or period.valid_from <= day) and (
        period.valid_to is None or day <= period.valid_to
    )


def contractor_on(periods: Iterable[ContractPeriod], day: date) -> str | None:
    """The contractor of a day, local; None where no period holds it."""
    for period in periods:
        if _holds(period, day):
            return period.contractor
    return None
