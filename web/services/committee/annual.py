"""The annual report: the sum of the year's releases, and nothing that is not in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from geodata.core.errors import NotFoundError
from geodata.core.vocabulary import WorkState
from geodata.rules.days import corresponding_day, local_day
from hotspots.core.words import counted
from web.services.committee.annual_tables import NOT_SUMMED, Part, combined
from web.services.committee.compiling import MARKING
from web.services.committee.document import (
    Block,
    Bullets,
    Document,
    Heading,
    Note,
    Paragraph,
    Table,
)
from web.services.committee.drafting import STATES, WORK_KINDS, release_document
from web.services.committee.narrative import narrative_of, paragraphs
from web.services.committee.report_period import ReportPeriod
from web.services.committee.sections import clearance_promise
from web.services.committee.sections.small_counts import share_words
from web.services.common.wording import date_in_words
from web.services.partnership.comparison_table import Audience

if TYPE_CHECKING:
    from geodata.models import CommitteeRelease, WorkItem, WorkItemEvent

    WorkRow = tuple[WorkItem, WorkItemEvent]

TITLE = "Dumped nitrous oxide canisters: annual report"
ENDED = frozenset({WorkState.DONE, WorkState.NOT_ACCEPTED, WorkState.DROPPED})


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


@dataclass(frozen=True)
class _Cleared:
    """What fell due in the months that are shown, of so many: no figure is not zero."""

    days: str
    shown: int
    months: int
    due: int
    met: int
    of: int

    @property
    def row(self) -> tuple[str, ...]:
        is_whole = self.shown >= self.months
        name = self.days if is_whole else f"{self.days}: {self.shown} of {self.months} months"
        if not self.shown:
            return (name, *(NOT_SUMMED for _ in range(4)))
        counts = (f"{self.due:,}", f"{self.met:,}", f"{self.of:,}")
        return (name, *counts, share_words(self.met, self.of))


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


def annual_report(year: Year, work: Sequence[WorkRow]) -> Document:
    """The year's report: every number in it stands in a release, or is a sum of such.

    ``work`` is the programme of today, with the last step of each item, as this version may know
    it.
    """
    papers = [release_document(each) for each in year.releases]
    parts = [Part(_days(r), paper) for r, paper in zip(year.releases, papers, strict=True)]
    recommended = [row for each in year.releases for row in _recommended(each)]
    blocks: list[Block] = [
        Heading("What it is made of"),
        Paragraph(
            f"This is the sum of {counted(len(papers), 'release')}. What was told after one was "
            "frozen is not in it. What cannot be added up is listed, and said to be."
        ),
        _made_of(year),
        Heading("Clearance against the promise"),
        _clearance(year, papers),
        Heading("What was recommended"),
        Bullets(tuple(recommended))
        if recommended
        else Paragraph("Nothing was recommended in the releases."),
        Heading("Work programme, resolutions and actions"),
        _programme(work, year),
        *_summaries(year, papers),
        Heading("The tables of the year"),
        *combined(parts),
        *_notes(papers),
    ]
    marking = MARKING if year.audience == Audience.EXEMPT else ""
    period = ReportPeriod(year.first, year.last)
    return Document(TITLE, str(period), papers[-1].council, marking, papers[-1].mark, tuple(blocks))


def _days(release: CommitteeRelease) -> str:
    return str(ReportPeriod(release.first_day, release.last_day))


def _summaries(year: Year, papers: Sequence[Document]) -> Iterator[Block]:
    for release, paper in zip(year.releases, papers, strict=True):
        words = narrative_of(release.narrative).summary
        if words:
            yield Heading(f"Summary of {paper.subtitle}")
            yield from paragraphs(words)


def _notes(papers: Sequence[Document]) -> Iterator[Block]:
    """What the releases withhold and warn of, each once."""
    notes = dict.fromkeys(
        block.text for paper in papers for block in paper.blocks if isinstance(block, Note)
    )
    if notes:
        yield Heading("What the releases withhold, and what to mind")
        yield Bullets(tuple(notes))


def _programme(work: Sequence[WorkRow], year: Year) -> Block:
    """What is open, and what ended since the year began."""
    rows = tuple(
        (
            item.item,
            WORK_KINDS[item.kind],
            date_in_words(item.meeting_on) if item.meeting_on else "None set",
            item.owner,
            STATES[WorkState(step.state)],
            step.note,
        )
        for item, step in work
        if step.state not in ENDED or local_day(step.at) >= year.first
    )
    if not rows:
        return Paragraph("Nothing is on the programme.")
    return Table(
        "As it stood when this was written",
        ("Item", "What it is", "Meeting", "Owner", "State", "Note"),
        rows,
        (0.3, 0.15, 0.14, 0.15, 0.1, 0.16),
    )


def _made_of(year: Year) -> Table:
    return Table(
        "The releases of the year",
        ("Release", "Days", "Frozen", "Fingerprint"),
        tuple(
            (
                str(each.id),
                _days(each),
                date_in_words(each.frozen_at.date()),
                each.fingerprint[:12],
            )
            for each in year.releases
        ),
        (0.12, 0.44, 0.22, 0.22),
    )


def _clearance(year: Year, papers: Sequence[Document]) -> Table:
    parts = [_cleared(r, paper) for r, paper in zip(year.releases, papers, strict=True)]
    sums = [
        sum(getattr(part, name) for part in parts)
        for name in ("shown", "months", "due", "met", "of")
    ]
    return Table(
        "Cleared by the promised time, by release",
        ("Days", "Fell due", "Cleared in time", "Of", "Share"),
        tuple(part.row for part in (*parts, _Cleared("The year", *sums))),
        (0.4, 0.15, 0.15, 0.15, 0.15),
        (1, 2, 3, 4),
    )


def _cleared(release: CommitteeRelease, paper: Document) -> _Cleared:
    """What a release tells of its period; nothing where it has no such table."""
    months = len(ReportPeriod(release.first_day, release.last_day).months)
    for block in paper.blocks:
        if isinstance(block, Table) and block.caption == clearance_promise.CAPTION and block.rows:
            *rows, last = (dict(zip(block.columns, row, strict=True)) for row in block.rows)
            shown = sum(row["Fell due"].replace(",", "").isdigit() for row in rows)
            due, met = last["Fell due"], last["Cleared in time"]
            counts = map(_number, (due, met, last.get("Of", due)))
            return _Cleared(_days(release), shown, months, *counts)
    return _Cleared(_days(release), 0, months, 0, 0, 0)


def _number(cell: str) -> int:
    """What is too small to be shown adds nothing, as it adds nothing in its release."""
    plain = cell.replace(",", "")
    return int(plain) if plain.isdigit() else 0


def _recommended(release: CommitteeRelease) -> Iterator[str]:
    for each in narrative_of(release.narrative).recommendations:
        due = f", by {date_in_words(each.due_on)}" if each.due_on else ""
        yield f"{each.text} ({each.owner}{due})"
