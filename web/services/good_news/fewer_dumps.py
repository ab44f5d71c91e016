"""Twelve months with fewer dumps, or fewer large cylinders, than the twelve before."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from geodata.clearances.series_breaks import breaks_between
from hotspots.stats.count_change import Verdict
from web.services.good_news.proposal import Proposal, proposal
from web.services.partnership.comparison_table import Audience, Row, compare_partnership
from web.services.partnership.windows import Window
from web.services.publishing.disclosure import SMALLEST_SHOWN

TOLD = {
    "own-incidents": "dumps of gas canisters",
    "own-incidents-cylinders": "dumps with large gas cylinders",
}


def fewer_dumps(session: Session, *, now: datetime) -> Iterator[Proposal]:
    """Those of the council's own indicators that fell by more than chance explains.

    The comparison refuses what the record does not hold whole. A break of any kind within both
    years is for officers to judge, and no news.
    """
    table = compare_partnership(session, month=None, audience=Audience.PUBLIC, now=now)
    if breaks_between(session, table.window.earlier.first, table.window.last):
        return
    for row in table.own:
        if row.terms.key in TOLD and (news := _proposal(row, table.window)) is not None:
            yield news


def _proposal(row: Row, window: Window) -> Proposal | None:
    cell = row.cells[0]
    if cell is None or cell.verdict is not Verdict.IMPROVEMENT:
        return None
    before, after = cell.before.value, cell.after.value
    if before is None or after is None or min(before, after) < SMALLEST_SHOWN:
        return None
    what = TOLD[row.terms.key]
    figures = (
        (f"{before:,.0f}", "in the twelve months before"),
        (f"{after:,.0f}", "in twelve months"),
    )
    sentences = (
        (
            f"{window}: {after:,.0f} {what} in the borough, down from {before:,.0f} in the twelve "
            "months before. That is more than chance."
        ),
        "Thank you for every report.",
    )
    title = f"Fewer {what}"
    key = f"fewer:{row.terms.key}:{window.last:%Y}"
    return proposal(
        key, "cylinders" if "cylinders" in key else "fewer", "", title, sentences, figures
    )
