"""The comparison table of the partnership: one use case for page and spreadsheet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from geodata import places
from geodata.core.errors import RefusedError
from geodata.core.vocabulary import AreaKind, PlaceKind
from geodata.indicators.areas import Area
from geodata.indicators.observations import People, populations
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.rules.days import corresponding_day, local_day
from geodata.store import settings
from web.services.partnership.disclosure import Withheld, open_to_the_public
from web.services.partnership.judging import Comparison, compare, people_of
from web.services.partnership.own_definitions import OWN
from web.services.partnership.own_series import own_series
from web.services.partnership.partner_series import partner_series, partner_terms
from web.services.partnership.series import Series, Terms
from web.services.partnership.small_figures import PATTERN_YEARS, guarded
from web.services.partnership.windows import YEAR, Window, ending, last_whole_month
from web.services.publishing.disclosure import SMALLEST_SHOWN
from web.services.publishing.public_figures import published

EARLIEST = date(1990, 1, 1)
MOST_AREAS = 4
"""Side by side unless others are chosen."""
_ORDER = {AreaKind.BOROUGH: 0, AreaKind.COUNTY: 1, AreaKind.FORCE: 2}


class Audience(StrEnum):
    """Who reads a version: anybody, or those who may read exempt information."""

    PUBLIC = "public"
    EXEMPT = "exempt"


@dataclass(frozen=True)
class Row:
    """An indicator, and its comparison in each area, in the order of the areas; None: no figures
    of it there."""

    terms: Terms
    cells: list[Comparison | None]


@dataclass(frozen=True)
class AreaPeople:
    """Whom rates of an area are per, in the earlier and the later twelve months."""

    area: Area
    earlier: People
    later: People


@dataclass(frozen=True)
class ComparisonTable:
    """What the page shows.

    Attributes
    ----------
    window
        The later twelve months.
    areas, known_areas
        Side by side, and all that could be.
    partners, own
        Rows of imported and of the council's own indicators; the latter have the first area alone.
    people
        Of the areas whose population is known.
    withheld
        What the public's version leaves out.
    """

    audience: Audience
    window: Window
    areas: list[Area]
    known_areas: list[Area]
    partners: list[Row]
    own: list[Row]
    people: list[AreaPeople]
    withheld: list[Withheld]


def compare_partnership(
    session: Session,
    *,
    month: date | None,
    areas: Sequence[Area] = (),
    audience: Audience,
    now: datetime,
) -> ComparisonTable:
    """Twelve months against the twelve before.

    Parameters
    ----------
    month
        Any day of the last month; None takes the last that is over.
    areas
        Which to show; those that are not known are left out. None given: the council's own first.
    audience
        The public's version lacks what is exempt, and small figures of people.

    Raises
    ------
    RefusedError
        The month is not over yet, or lies before 1990.
    """
    window = ending(checked_month(month, now))
    own_area = council_area(session)
    terms, known, withheld = partner_figures(session, audience)
    possible = in_order(own_area, {area for _, area in known})
    chosen = [area for area in possible if area in set(areas)] or possible[:MOST_AREAS]
    people = populations(session)
    return ComparisonTable(
        audience,
        window,
        chosen,
        possible,
        [_row(each, chosen, known, window, people) for each in terms.values()],
        _own_rows(session, own_area, window, people, audience, now),
        list(_people(chosen, people, window)),
        withheld,
    )


def partner_figures(
    session: Session, audience: Audience
) -> tuple[dict[str, Terms], dict[tuple[str, Area], Series], list[Withheld]]:
    """The imported indicators that an audience may know, their series by key and area, and what
    is said about the others."""
    terms = partner_terms(session)
    series = partner_series(session, terms)
    if audience is Audience.EXEMPT:
        return terms, series, []
    shown, withheld = open_to_the_public(terms, series)
    return shown, {place: each for place, each in series.items() if place[0] in shown}, withheld


def note_reading(session: Session, window: Window, by: Actor) -> None:
    """Write into the audit that somebody read the exempt version, up to a window's end."""
    after = {"version": Audience.EXEMPT.value, "to": window.last.isoformat()}
    audit.write(session, by, "read", "partnership", after=after)


def council_area(session: Session) -> Area:
    """The council's own area, by the name of its outline on the map."""
    outline = session.scalars(places.current(None, PlaceKind.BOROUGH)).first()
    name = outline.name if outline else settings.read(session, settings.COUNCIL_NAME, "")
    return Area(AreaKind.BOROUGH.value, name or "Our borough")


def checked_month(month: date | None, now: datetime) -> date:
    """The first day of the last month that is asked for.

    Raises
    ------
    RefusedError
        The month is not over yet, or lies before 1990.
    """
    last = last_whole_month(local_day(now))
    wanted = last if month is None else month.replace(day=1)
    if not EARLIEST <= wanted <= last:
        raise RefusedError(
            f"{wanted:%B %Y} cannot be the last month: choose one from {EARLIEST:%B %Y} to "
            f"{last:%B %Y}, the last that is over"
        )
    return wanted


def in_order(own: Area, others: Iterable[Area]) -> list[Area]:
    """The council's own area, then boroughs, counties and forces by name."""
    ordered = sorted(set(others) - {own}, key=lambda a: (_ORDER[AreaKind(a.kind)], a.name))
    return [own, *ordered]


def _people(
    areas: Sequence[Area], known: Mapping[Area, Mapping[int, People]], window: Window
) -> Iterator[AreaPeople]:
    for area in areas:
        earlier = people_of(known.get(area, {}), window.earlier)
        later = people_of(known.get(area, {}), window)
        if earlier is not None and later is not None:
            yield AreaPeople(area, earlier, later)


def _row(
    terms: Terms,
    areas: list[Area],
    known: Mapping[tuple[str, Area], Series],
    window: Window,
    people: Mapping[Area, Mapping[int, People]],
) -> Row:
    known_series = [known.get((terms.key, area)) for area in areas]
    return Row(
        terms, [None if each is None else compare(each, window, people) for each in known_series]
    )


def _own_rows(
    session: Session,
    area: Area,
    window: Window,
    people: Mapping[Area, Mapping[int, People]],
    audience: Audience,
    now: datetime,
) -> list[Row]:
    years = PATTERN_YEARS * YEAR
    span = Window(corresponding_day(window.first, YEAR - years), years)
    series = own_series(session, area, span, (window.earlier, window), now=now)
    comparisons = {key: compare(series[key], window, people) for key in OWN}
    if audience is Audience.PUBLIC:
        small = _small_months(session, series["own-incidents"])
        comparisons = {k: guarded(k, each, window, small) for k, each in comparisons.items()}
    return [Row(terms, [comparisons[key]]) for key, terms in OWN.items()]


def _small_months(session: Session, incidents: Series) -> frozenset[date]:
    """First days of months that no release tells of, or that none would."""
    released = {
        month.first_day
        for month in published(session).months
        if month.reported is None or month.due is None
    }
    few = {
        first
        for (first, months), figure in incidents.figures.items()
        if months == 1 and figure.value is not None and figure.value < SMALLEST_SHOWN
    }
    return frozenset(released | few)
