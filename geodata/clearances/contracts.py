"""Who clears, by the day. A series breaks where the contractor changes."""

from collections.abc import Iterable
from datetime import date

from geodata.models import ContractPeriod


def contractor_on(periods: Iterable[ContractPeriod], day: date) -> str | None:
    """The contractor of a day, local; None where no period holds it."""
    for period in periods:
        if (period.valid_from is None or period.valid_from <= day) and (
            period.valid_to is None or day <= period.valid_to
        ):
            return period.contractor
    return None
