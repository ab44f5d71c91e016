"""The annual report: the sum of the year's releases, and nothing that is not in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from geodata.core.errors import NotFoundError
from geodata.rules.days import corresponding_day
from hotspots.core.words import counted
from web.services.committee.compiling import MARKING
from web.services.committee.document import Block, Bullets, Document, Heading, Paragraph, Table
from web.services.committee.drafting import release_document
from web.services.committee.narrative import narrative_of, paragraphs
from web.services.committee.report_period import ReportPeriod
from web.services.committee.sections import clearance_promise
from web.services.committee.sections.small_counts import share_words
from web.services.common.wording import date_in_words
from web.services.partnership.comparison_table import Audience

if TYPE_CHECKING:
    from geodata.models import CommitteeRelease

TITLE = "Dumped nitrous oxide canisters: annual report"
UNITED = ("Interventions and orders of the period", "Orders in force on any day of the period")
"""Tables whose rows are put together, each once."""


@dataclass(frozen=True)
class Year:
    """Releases of one version whose periods are a year without gap or overlap, in order."""

    first: date
    last: date
    audience: str
    releases: tuple[CommitteeRelease, ...]


def whole_years(releases: Sequence[CommitteeRelease]) -> list[Year]:
    """Every twelve months that releases make up, the latest first.

    Of two releases of the same days the one that was frozen last counts.
    """
    newest = {
        (each.audience, each.first_day, each.last_day): each
        for each in sorted(releases, key=lambda each: each.id)
    }
    years = [_year_up_to(end, list(newest.values())) for end in newest.values()]
    return sorted((y for y in years if y), key=lambda y: (y.last, y.audience), reverse=True)


def _year_up_to(end: CommitteeRelease, known: Sequence[CommitteeRelease]) -> Year | None:
    """The year that ends with a release; None where its releases leave a gap or begin before."""
    first = corresponding_day(end.last_day + timedelta(days=1), -12)
    chain = [end]
    while chain[0].first_day > first:
        before = chain[0].first_day - timedelta(days=1)
        earlier = [
            each for each in known if each.audience == end.audience and each.last_day == before
        ]
        if not earlier:
            return None
        chain.insert(0, max(earlier, key=lambda each: each.id))
    is_complete = chain[0].first_day == first
    return Year(first, end.last_day, end.audience, tuple(chain)) if is_complete else None


def find_year(releases: Sequence[CommitteeRelease], last: date, audience: str) -> Year:
    """A year by its last day and version.

    Raises
    ------
    NotFoundError
        The releases make up no such year.
    """
    for year in whole_years(releases):
        if (year.last, year.audience) == (last, audience):
            return year
    raise NotFoundError(
        f"no releases make up the year to {date_in_words(last)} without a gap: freeze what lacks"
    )


def annual_report(year: Year) -> Document:
    """The year's report; every number in it stands in a release, or is a sum of such."""
    papers = [release_document(each) for each in year.releases]
    recommended = [row for each in year.releases for row in _recommended(each)]
    blocks: list[Block] = [
        Heading("What it is made of"),
        Paragraph(
            f"This is the sum of {counted(len(papers), 'release')}. What was told after one was "
            "frozen is not in it."
        ),
        _made_of(year),
        Heading("Clearance against the promise"),
        _clearance(year, papers),
        Heading("What was done"),
        *(_united(caption, papers) for caption in UNITED),
    ]
    if recommended:
        blocks += [Heading("What was recommended"), Bullets(tuple(recommended))]
    for release, paper in zip(year.releases, papers, strict=True):
        words = narrative_of(release.narrative).summary
        if words:
            blocks += [Heading(f"Summary of {paper.subtitle}"), *paragraphs(words)]
    marking = MARKING if year.audience == Audience.EXEMPT else ""
    period = ReportPeriod(year.first, year.last)
    return Document(TITLE, str(period), papers[-1].council, marking, papers[-1].mark, tuple(blocks))


def _made_of(year: Year) -> Table:
    return Table(
        "The releases of the year",
        ("Release", "Days", "Frozen", "Fingerprint"),
        tuple(
            (
                str(each.id),
                str(ReportPeriod(each.first_day, each.last_day)),
                date_in_words(each.frozen_at.date()),
                each.fingerprint[:12],
            )
            for each in year.releases
        ),
        (0.12, 0.44, 0.22, 0.22),
    )


def _clearance(year: Year, papers: Sequence[Document]) -> Table:
    rows: list[tuple[str, int, int, int]] = []
    for release, paper in zip(year.releases, papers, strict=True):
        period = str(ReportPeriod(release.first_day, release.last_day))
        rows.append((period, *_counts(paper)))
    due, met, of = sum(r[1] for r in rows), sum(r[2] for r in rows), sum(r[3] for r in rows)
    return Table(
        "Cleared by the promised time, by release",
        ("Days", "Fell due", "Cleared in time", "Of", "Share"),
        tuple(
            (name, f"{d:,}", f"{m:,}", f"{o:,}", share_words(m, o))
            for name, d, m, o in (*rows, ("The year", due, met, of))
        ),
        (0.4, 0.15, 0.15, 0.15, 0.15),
        (1, 2, 3, 4),
    )


def _counts(paper: Document) -> tuple[int, int, int]:
    """Fell due, cleared in time, and of how many, in the whole period of a release."""
    for block in paper.blocks:
        if isinstance(block, Table) and block.caption == clearance_promise.CAPTION and block.rows:
            row = dict(zip(block.columns, block.rows[-1], strict=True))
            due, met = row["Fell due"], row["Cleared in time"]
            return _number(due), _number(met), _number(row.get("Of", due))
    return 0, 0, 0


def _number(cell: str) -> int:
    """What is too small to be shown adds nothing, as it adds nothing in its release."""
    plain = cell.replace(",", "")
    return int(plain) if plain.isdigit() else 0


def _united(caption: str, papers: Sequence[Document]) -> Block:
    tables = [
        block
        for paper in papers
        for block in paper.blocks
        if isinstance(block, Table) and block.caption == caption
    ]
    if not tables:
        return Paragraph(f"{caption}: none is in the releases.")
    rows = dict.fromkeys(row for table in tables for row in table.rows)
    named = tuple(row for row in rows if any(row[1:])) or tables[0].rows
    return Table(caption.replace("period", "year"), tables[0].columns, named, tables[0].widths)


def _recommended(release: CommitteeRelease) -> Iterator[str]:
    for each in narrative_of(release.narrative).recommendations:
        due = f", by {date_in_words(each.due_on)}" if each.due_on else ""
        yield f"{each.text} ({each.owner}{due})"
