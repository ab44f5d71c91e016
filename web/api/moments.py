"""Moments and days that a request names, brought within the years that are reckoned with.

Any is valid by its schema; of one that lies beyond, the nearest says the same: nothing here is as
old, and what is so far ahead is refused as the future where it matters.
"""

from datetime import date
from typing import Annotated, TypeVar

from pydantic import AfterValidator, AwareDatetime

from web.server.request_bounds import FIRST_YEAR, LAST_YEAR

D = TypeVar("D", bound=date)


def brought_within_years(moment: D) -> D:
    """The same moment or day, or the first of the nearest year.

    >>> brought_within_years(date(4, 2, 29)).isoformat()
    '1000-01-01'
    """
    year = min(max(moment.year, FIRST_YEAR), LAST_YEAR)
    return moment if year == moment.year else moment.replace(year=year, month=1, day=1)


Moment = Annotated[AwareDatetime, AfterValidator(brought_within_years)]
Day = Annotated[date, AfterValidator(brought_within_years)]
