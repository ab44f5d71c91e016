"""The demonstration: six synthetic years of a borough like Dartford, up to today."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import geopandas as gpd
import pandas as pd
from sqlalchemy.orm import Session

from geodata import frames, places
from geodata.accounts import passwords, users
from geodata.clearances.contracts import contractor_on
from geodata.core.errors import RefusedError
from geodata.core.types import SRID
from geodata.core.vocabulary import NewsState, Role
from geodata.demo import ACCOUNTS, ISSUER, MAY_READ_ENFORCEMENT, PASSWORD
from geodata.demo.borough import HOTSPOTS, NAME, OUTLINE, lay_out, place_points
from geodata.demo.dumps import save_dumps
from geodata.demo.partners import save_partners
from geodata.demo.record import save_contracts, save_record
from geodata.enforcement import issuers
from geodata.incidents.open_incidents import contract_periods
from geodata.people.audit import Actor
from geodata.rules.days import LONDON, day_starts, local_day
from geodata.store import good_news, settings
from hotspots.detection import DetectionParams
from hotspots.synthetic import SUMMER_PEAK, WEEKEND_PEAK, BoroughParams, synthetic_borough
from hotspots.synthetic.reports import synthetic_reports
from web.services.admin.demo_patrols import save_patrols
from web.services.committee.report_period import proposed_period
from web.services.detection.detecting import run
from web.services.good_news.press_office import decide
from web.services.good_news.proposing import look_for_successes, propose
from web.services.incidents.linking import relink
from web.services.patrols.patrolling import START_PLACE
from web.services.publishing.releasing import release_due

SEED = 8
YEARS = 6
POSTERS_UP_DAYS_AGO = 365
PATROLS_FROM = "Civic Centre"
CREWS_AWAY = timedelta(hours=110)
"""Nothing of the last days is cleared yet, so that the worklist has work, some of it overdue."""
RUNS_MONTHS_AGO = (9, 6, 3, 0)
"""Earlier runs give the hotspots of today a history; one of them ends with the half-year of the
committee's report, so that the report's hotspots are those of its end."""
PARAMS = BoroughParams(
    days=YEARS * 365,
    incidents_per_day=1.0,
    sites=HOTSPOTS,
    site_share=0.6,
    near_repeat=0.1,
    months=SUMMER_PEAK,
    nights=WEEKEND_PEAK,
    intervention_day=YEARS * 365 - POSTERS_UP_DAYS_AGO,
    effect=0.4,
    displaced=0.2,
)


@dataclass(frozen=True)
class Demo:
    """What a store was given."""

    incidents: int
    hotspots: int


def ensure_demo(session: Session, *, now: datetime) -> Demo | None:
    """Fill an empty store; None where the demo is there already.

    Raises
    ------
    RefusedError
        The store holds something else.
    """
    if settings.read(session, settings.IS_DEMO, False):
        return None
    if places.borough(session) is not None or len(frames.reports(session)):
        raise RefusedError(
            "this store holds data that is not the demo's: unset HOTSPOTS_DATABASE_URL, or let it "
            "name a new file"
        )
    settings.write(session, settings.COUNCIL_NAME, NAME)
    settings.write(session, settings.IS_DEMO, True)
    settings.write(session, START_PLACE, PATROLS_FROM)
    lay_out(session)
    save_contracts(session)
    today = now.astimezone(LONDON).date()
    start = today - timedelta(days=PARAMS.days)
    borough = synthetic_borough(PARAMS, seed=SEED, start=start, study_area=_area(), sites=_sites())
    reports, clearances = synthetic_reports(borough.incidents, seed=SEED)
    clearances = clearances[clearances["cleared_at"] <= now - CREWS_AWAY]
    dumped_at = borough.incidents["dumped_at"]
    save_dumps(session, reports, clearances, dumped_at, now=now, seed=SEED)
    save_record(session, since=start, today=today, seed=SEED)
    contractor_of_today = contractor_on(contract_periods(session), today)
    # Not sealed: a demo without a key draws another one each time that it is started.
    password = passwords.hashed(PASSWORD, name="", site_key="")
    accounts: dict[str, int] = {}
    for role in ACCOUNTS:
        employer = contractor_of_today if role == Role.CONTRACTOR else None
        account = users.add(
            session,
            role,
            password,
            role,
            now=now,
            employer=employer,
            may_read_enforcement=role in MAY_READ_ENFORCEMENT,
        )
        accounts[role] = account.id
        if role == Role.OFFICER:
            issuers.assign(session, ISSUER, account.id)
    save_partners(session, today)
    incidents = relink(session, now=now)
    release_due(session, now=now)
    hotspots = _detect(session, now)
    first_run = _months_before(now, RUNS_MONTHS_AGO[0])
    save_patrols(session, now=now, officer=accounts[Role.OFFICER], planned_by=first_run)
    _tell_successes(session, Actor(None, now))
    return Demo(incidents, hotspots)


def _area() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=[OUTLINE], crs=SRID)


def _sites() -> gpd.GeoSeries:
    return gpd.GeoSeries(list(place_points().values())[:HOTSPOTS], crs=SRID)


def _tell_successes(session: Session, by: Actor) -> None:
    """What the record truly shows is proposed, and one of it is on the public page."""
    propose(session, look_for_successes(session, now=by.now), by)
    for item in good_news.every(session)[:1]:
        decide(session, item.id, NewsState.APPROVED, by)


def _detect(session: Session, now: datetime) -> int:
    flagged = 0
    for as_of in run_moments(now):
        flagged = len(run(session, DetectionParams(), as_of=as_of, now=now).hotspots)
    return flagged


def run_moments(now: datetime) -> list[datetime]:
    """As of when each run looks; of those between first and last, the nearest to the end of the
    committee's half-year is at that end."""
    moments = [_months_before(now, months) for months in RUNS_MONTHS_AGO]
    reported = proposed_period(local_day(now)).last
    end = day_starts(reported + timedelta(days=1)) - timedelta(seconds=1)
    nearest = min(moments[1:-1], key=lambda moment: abs(moment - end))
    return [end if moment is nearest else moment for moment in moments]


def _months_before(now: datetime, months: int) -> datetime:
    moment: datetime = (pd.Timestamp(now) - pd.DateOffset(months=months)).to_pydatetime()
    return moment
