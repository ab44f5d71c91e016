"""The annual report: which releases make a year, and that its numbers are theirs added up."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from geodata.core.errors import NotFoundError
from geodata.models import CommitteeRelease, WorkItem, WorkItemEvent
from web.services.committee.annual import annual_report, find_year, whole_years
from web.services.committee.document import Document, Heading, Paragraph, Table
from web.services.committee.document_json import as_json
from web.services.committee.narrative import Narrative, Recommendation
from web.services.committee.sections.clearance_promise import CAPTION
from web.services.committee.sections.hotspot_list import CAPTION as HOTSPOTS
from web.services.committee.sections.partnership_section import OWN
from web.services.committee.sections.small_counts import TOO_FEW

NOTICES = "Penalty notices by ward and year"
HALVES = ((date(2025, 10, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 9, 30)))


def release(
    key: int,
    days: tuple[date, date],
    due: str,
    met: str,
    audience: str = "public",
    more: tuple[Table, ...] = (),
    shown: int = 6,
) -> Any:
    """A release whose tables are that of clearance and ``more``."""
    months = [(f"Month {n + 1}", "7", "7", "100%") for n in range(shown)]
    months += [(f"Month {n + 1}", *("Not released",) * 3) for n in range(shown, 6)]
    rows = (*months, ("Months shown, together", due, met, "90%"))
    head = ("Month", "Fell due", "Cleared in time", "Share")
    table = Table(CAPTION, head, rows, (0.25,) * 4)
    paper = Document(
        "R", "days", "Testford", "", "", (Heading("Summary"), Heading("Figures"), table, *more)
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
    report = annual_report(year, [])
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


@pytest.mark.parametrize(("shown", "half"), [(0, ("Not shown", "Not shown")), (2, ("14", "13"))])
def test_months_that_were_not_told_of_are_no_zeros(shown: int, half: tuple[str, str]) -> None:
    """As where the record begins in the middle of the year, or a month is too small to show."""
    first = release(1, HALVES[0], *(half if shown else ("0", "0")), shown=shown)
    (year,) = whole_years([first, release(2, HALVES[1], "20", "18")])
    (table,) = [b for b in annual_report(year, []).blocks if isinstance(b, Table) and b.numeric]
    rows = {row[0]: row[1:3] for row in table.rows}
    assert rows[f"1 October 2025 to 31 March 2026: {shown} of 6 months"] == half
    assert rows["1 April 2026 to 30 September 2026"] == ("20", "18")
    # 20 and, of two months, 14 fell due; 18 and 13 were cleared in time
    expected = ("34", "31") if shown else ("20", "18")
    assert rows[f"The year: {6 + shown} of 12 months"] == expected


def by_ward(column: str, *rows: tuple[str, str]) -> Table:
    return Table(NOTICES, ("Ward", column), rows, (0.5, 0.5), (1,))


def tables_of(report: Document, beginning: str) -> list[Table]:
    return [b for b in report.blocks if isinstance(b, Table) and b.caption.startswith(beginning)]


def words_of(report: Document, lead: str) -> str:
    (words,) = [b.text for b in report.blocks if isinstance(b, Paragraph) and b.lead == lead]
    return words


def test_notices_by_ward_are_added_up_ward_by_ward() -> None:
    first = by_ward("Oct to Mar", ("East", "3"), ("The borough", "3"))
    second = by_ward("Apr to Sep", ("North", "1,000"), ("East", "4"), ("The borough", "1,004"))
    rows = [
        release(1, HALVES[0], "1", "1", "exempt", (first,)),
        release(2, HALVES[1], "1", "1", "exempt", (second,)),
    ]
    report = annual_report(whole_years(rows)[0], [])
    (table,) = tables_of(report, NOTICES)
    assert table.columns == ("Ward", "Oct to Mar", "Apr to Sep", "The year")
    assert table.rows == (
        ("East", "3", "4", "7"),
        ("North", "0", "1,000", "1,000"),
        ("The borough", "3", "1,004", "1,007"),
    )
    assert words_of(report, f"{NOTICES}.") == "Columns are added up by row."


def test_a_sum_with_a_hidden_number_in_it_is_not_shown() -> None:
    first = by_ward("Oct to Mar", ("East", "6"), ("All other wards", TOO_FEW))
    second = by_ward("Apr to Sep", ("East", "7"), ("West", "9"), ("All other wards", TOO_FEW))
    rows = [
        release(1, HALVES[0], "1", "1", more=(first,)),
        release(2, HALVES[1], "1", "1", more=(second,)),
    ]
    report = annual_report(whole_years(rows)[0], [])
    (table,) = tables_of(report, NOTICES)
    assert table.rows == (
        ("East", "6", "7", "13"),
        ("West", TOO_FEW, "9", "Not shown"),
        ("All other wards", TOO_FEW, TOO_FEW, "Not shown"),
    )
    assert "there is no sum" in words_of(report, f"{NOTICES}.")


def test_what_overlaps_is_listed_and_said_not_to_add_up() -> None:
    head = ("No.", "Place", "Class", "Incidents", "Evidence", "Done")

    def spots(*rows: tuple[str, ...]) -> Table:
        return Table(HOTSPOTS, head, rows, (0.1, 0.2, 0.2, 0.1, 0.2, 0.2))

    own = [Table(OWN, ("Figure", "Here"), (("Incidents", n),), (0.5, 0.5)) for n in ("400", "380")]
    park = ("1", "The park", "New", "12", "", "")
    later = (("1", "The mill", "New", "20", "", ""), ("2", "The park", "Persistent", "14", "", ""))
    odd = Table("A table of tomorrow", ("What", "n"), (("x", "1"),), (0.5, 0.5))
    rows = [
        release(1, HALVES[0], "1", "1", more=(spots(park), own[0], odd)),
        release(2, HALVES[1], "1", "1", more=(spots(*later), own[1])),
    ]
    report = annual_report(whole_years(rows)[0], [])
    (places,) = tables_of(report, "Hotspots by release")
    assert places.rows == (
        ("The park", "New, 12 in twelve months", "Persistent, 14 in twelve months"),
        ("The mill", "Not listed", "New, 20 in twelve months"),
    )
    (yearly,) = tables_of(report, OWN)
    assert yearly.rows == (("Incidents", "380"),)
    assert "not added up" in words_of(report, f"{OWN}.")
    assert len(tables_of(report, "A table of tomorrow (1 October 2025")) == 1


def test_the_programme_has_what_is_open_and_what_ended_in_the_year() -> None:
    rows = [release(1, HALVES[0], "1", "1"), release(2, HALVES[1], "1", "1")]

    def item(key: int, state: str, day: datetime, kind: str = "action") -> Any:
        return (
            WorkItem(id=key, kind=kind, item=f"Item {key}", owner="CSM"),
            WorkItemEvent(item_id=key, at=day, state=state, note="A note"),
        )

    before, within = datetime(2025, 9, 30, 12, tzinfo=UTC), datetime(2025, 10, 1, 12, tzinfo=UTC)
    work = [
        item(1, "open", before, "resolution"),
        item(2, "done", before),
        item(3, "done", within),
    ]
    (table,) = tables_of(annual_report(whole_years(rows)[0], work), "As it stood")
    assert [row[0] for row in table.rows] == ["Item 1", "Item 3"]
    assert table.rows[0][1] == "A resolution of the committee"
