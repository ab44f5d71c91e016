"""Who clears, by the day, and whose jobs a crew may see. Series break where contracts change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.models import ContractPeriod


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
