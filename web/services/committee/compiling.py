"""Compile the report to the committee: one document for one period and one audience."""

from collections.abc import Callable
from datetime import date, datetime

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata import frames
from geodata.basemap.kept import Basemap
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.store import settings
from geodata.store.committee_papers import PaperFacts
from web.services.committee.document import Block, Document, Heading
from web.services.committee.drawn.map_sheet import MAP, a3_map
from web.services.committee.report_facts import Facts, read_facts
from web.services.committee.report_period import ReportPeriod, report_period
from web.services.committee.sections.clearance_promise import clearance_promise
from web.services.committee.sections.enforcement_counts import enforcement_counts
from web.services.committee.sections.hotspot_list import hotspot_list
from web.services.committee.sections.map_appendix import hotspot_map, map_appendix
from web.services.committee.sections.partnership_section import partnership_section
from web.services.committee.sections.sources import meanings, sources, unknowns
from web.services.committee.sections.summary import summary
from web.services.committee.sections.trend_charts import clearance_chart, incidents_chart
from web.services.committee.sections.work_done import work_done
from web.services.common.wording import date_in_words
from web.services.partnership.comparison_table import Audience

TITLE = "Dumped nitrous oxide canisters: report to the committee"
MARKING = "EXEMPT: NOT FOR PUBLICATION (Local Government Act 1972, Schedule 12A, Part 1)"
SYNTHETIC = "Synthetic demo data: nothing here happened."
DEFINITIONS = "Appendix C: what is counted"
NUMBERS = "Appendix B: the numbers of the charts"
ENTITY = "committee_report"
STEPS = ("Reading the record", "Drawing the charts", "Writing the sections", "Drawing the map")
Tell = Callable[[int], None]


def _tell_nobody(_step: int) -> None:
    """Whoever waits for the report at a terminal."""


def compile_report(
    session: Session,
    *,
    first: date,
    last: date,
    audience: Audience,
    council: str,
    basemap: Basemap | None,
    now: datetime,
) -> Document:
    """The report of the local days ``first`` to ``last``, both included.

    Parameters
    ----------
    audience
        The public's version lacks what is exempt or too small.
    basemap
        The ground of the map; None: wards alone.
    now
        What is known by then counts.

    Raises
    ------
    RefusedError
        The days are no period, or no detection run looks from a day up to its end.
    """
    facts = read_facts(session, report_period(first, last, now=now), audience, now=now)
    return _document(session, facts, council, basemap)


def compile_paper(
    session: Session,
    *,
    period: ReportPeriod,
    audience: Audience,
    council: str,
    basemap: Basemap | None,
    now: datetime,
    tell: Tell = _tell_nobody,
) -> tuple[PaperFacts, Document]:
    """The same, with what its figures rest on, so that it can be kept.

    ``tell`` hears which of ``STEPS`` begins.

    Raises
    ------
    RefusedError
        As `compile_report`.
    """
    checked = report_period(period.first, period.last, now=now)
    tell(0)
    facts = read_facts(session, checked, audience, now=now)
    rests_on = PaperFacts(
        period.first, period.last, audience.value, now, facts.run.id, facts.code_version
    )
    return rests_on, _document(session, facts, council, basemap, tell)


def _document(
    session: Session,
    facts: Facts,
    council: str,
    basemap: Basemap | None,
    tell: Tell = _tell_nobody,
) -> Document:
    period, last = facts.period, facts.period.last
    tell(1)
    wards = list(frames.wards(session, last).geometry)
    clearance, incidents = clearance_chart(session, facts), incidents_chart(session, facts)
    tell(2)
    body: list[Block] = [
        *summary(facts),
        Heading("Incidents over three years"),
        *incidents.shown,
        *hotspot_list(session, facts),
        *clearance_promise(session, facts, clearance.shown),
        *work_done(session, facts),
        *enforcement_counts(session, facts),
        *partnership_section(facts),
        *unknowns(facts),
    ]
    tell(3)
    synthetic = SYNTHETIC if settings.read(session, settings.IS_DEMO, False) else ""
    return Document(
        title=TITLE,
        subtitle=str(period),
        council=council,
        marking="" if facts.is_public else MARKING,
        mark=synthetic,
        blocks=(
            *body,
            *sources(facts, body),
            *map_appendix(facts, wards, basemap),
            Heading(NUMBERS),
            clearance.numbers,
            incidents.numbers,
            Heading(DEFINITIONS),
            meanings(facts),
        ),
        map_a3=_sheet(facts, wards, basemap, council, synthetic),
    )


def _sheet(
    facts: Facts, wards: list[BaseGeometry], basemap: Basemap | None, council: str, foot: str
) -> bytes:
    rows = facts.board.rows
    return a3_map(
        hotspot_map(rows, wards, basemap, MAP),
        [f"{row.name} ({row.hotspot_class or 'not classed'})" for row in rows],
        title=f"{council}: hotspots as of {date_in_words(facts.run.day)}",
        subtitle=f"From the detection run of that day, for the report on {facts.period}",
        council=council,
        head="" if facts.is_public else MARKING,
        foot=foot,
    )


def note_reading(session: Session, period: ReportPeriod, form: str, by: Actor) -> None:
    """Write into the audit that somebody made or read the exempt version, as which file."""
    after = {
        "version": Audience.EXEMPT.value,
        "from": period.first,
        "to": period.last,
        "format": form,
    }
    audit.write(session, by, "read", ENTITY, after=after)
