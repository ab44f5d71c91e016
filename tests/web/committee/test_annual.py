"""The annual report: which releases make a year, and that its numbers are theirs added up."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from geodata.core.errors import NotFoundError
from geodata.models import CommitteeRelease
from web.services.committee.annual import annual_report, find_year, whole_years
from web.services.committee.document import Document, Heading, Table
from web.services.committee.document_json import as_json
from web.services.committee.narrative import Narrative, Recommendation
from web.services.committee.sections.clearance_promise import CAPTION

HALVES = ((date(2025, 10, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 9, 30)))


def release(key: int, days: tuple[date, date], due: str, met: str, audience: str = "public") -> Any:
    """A release whose only table is that of clearance."""
    rows = (("A month", "7", "7", "100%"), ("Months shown, together", due, met, "90%"))
    head = ("Month", "Fell due", "Cleared in time", "Share")
    table = Table(CAPTION, head, rows, (0.25,) * 4)
    paper = Document(
        "R", "days", "Testford", "", "", (Heading("Summary"), Heading("Figures"), table)
    )
    words = Narrative(
        f"Summary {key}.", recommendations=(Recommendation(f"Do {key}", "CSM", None),)
    )
    return CommitteeRelease(
        id=key,
        first_day=days[0],
        last_day=days[1],
        audience=audience,
        known_by=datetime(2026, 10, 1, tzinfo=UTC),
        frozen_at=datetime(2026, 10, 2, tzinfo=UTC),
        run_id=1,
        code_version="1",
        fingerprint="a" * 64,
        content=as_json(paper),
        narrative=words.as_json() | {"followed": []},
    )


def test_two_half_years_make_a_year_and_the_newest_of_each_counts() -> None:
    rows = [
        release(1, HALVES[0], "1", "1"),
        release(2, HALVES[1], "200", "190"),
        release(3, HALVES[0], "1,100", "1,000"),
    ]
    (year,) = whole_years(rows)
    assert [each.id for each in year.releases] == [3, 2]
    report = annual_report(year)
    (table,) = [b for b in report.blocks if isinstance(b, Table) and "by release" in b.caption]
    # 1,100 and 200 fell due; 1,000 and 190 were cleared in time: 1,190 of 1,300 is 91.5%
    assert table.rows[-1][:4] == ("The year", "1,300", "1,190", "1,300")
    assert table.rows[-1][4].startswith(("91", "92"))
    text = repr(report.blocks)
    assert "Do 3" in text
    assert "Summary 2." in text
    assert "Do 1" not in text


@pytest.mark.parametrize(
    "rows",
    [
        [release(1, HALVES[0], "1", "1")],
        [release(1, HALVES[0], "1", "1"), release(2, HALVES[1], "1", "1", "exempt")],
        [
            release(1, HALVES[0], "1", "1"),
            release(2, (date(2026, 4, 2), date(2026, 9, 30)), "1", "1"),
        ],
    ],
)
def test_a_gap_or_another_version_is_no_year(rows: list[Any]) -> None:
    assert whole_years(rows) == []
    with pytest.raises(NotFoundError, match="no releases make up the year"):
        find_year(rows, date(2026, 9, 30), "public")


def test_what_was_too_small_to_be_shown_adds_nothing() -> None:
    rows = [release(1, HALVES[0], "Too few", "Too few"), release(2, HALVES[1], "20", "18")]
    (year,) = whole_years(rows)
    (table,) = [b for b in annual_report(year).blocks if isinstance(b, Table) and b.numeric]
    assert table.rows[-1][:3] == ("The year", "20", "18")
