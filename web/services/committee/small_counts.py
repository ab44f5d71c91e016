"""Counts that may be too small for the public: how they are said, and where they are left out."""

from dataclasses import replace

from web.services.partnership.comparison_table import Audience, ComparisonTable, Row
from web.services.partnership.judging import Comparison
from web.services.partnership.series import Figure
from web.services.publishing.disclosure import LEAST_FOR_A_SHARE, SMALLEST_SHOWN

TOO_FEW = "Too few to show"
OF_PEOPLE = frozenset(
    {
        "own-incidents",
        "own-reports",
        "own-incidents-cylinders",
        "own-cleared-in-target",
        "own-repeats-28",
        "own-notices",
        "own-cautions",
        "own-payment-rate",
        "own-warning-effect",
    }
)
"""Own indicators that count what somebody reported or was given. The others count our own work."""


def small(count: int) -> str:
    """
    >>> small(4), small(1204)
    ('fewer than 5', '1,204')
    """
    return f"fewer than {SMALLEST_SHOWN}" if count < SMALLEST_SHOWN else f"{count:,}"


def share_words(met: int, of: int) -> str:
    """
    >>> share_words(9, 12), share_words(0, 0)
    ('75%', 'None fell due')
    """
    return f"{100 * met / of:.0f}%" if of else "None fell due"


def guarded(table: ComparisonTable) -> ComparisonTable:
    """The table without the small figures of people, where it is the public's.

    With a figure go its change, its test and its pattern, from each of which it could be reckoned.
    """
    if table.audience is Audience.EXEMPT:
        return table
    return replace(table, own=[_guarded_row(row) for row in table.own])


def _guarded_row(row: Row) -> Row:
    if row.terms.key not in OF_PEOPLE:
        return row
    return replace(row, cells=[each and _guarded_cell(each) for each in row.cells])


def _guarded_cell(found: Comparison) -> Comparison:
    before, after = _guarded_figure(found.before), _guarded_figure(found.after)
    if (before, after) == (found.before, found.after):
        return found
    return replace(
        found,
        before=before,
        after=after,
        change=None,
        verdict=None,
        p_value=None,
        unjudged="not compared: too few to show",
        pattern="",
    )


def _guarded_figure(figure: Figure) -> Figure:
    if figure.value is None:
        return figure
    if figure.of is None:
        is_small = figure.value < SMALLEST_SHOWN
        return Figure(None, below=SMALLEST_SHOWN) if is_small else figure
    is_small = figure.of < LEAST_FOR_A_SHARE
    return Figure(None, reason="too few for a share") if is_small else figure
