"""What the store holds beside incidents that may tell where the next come: places, roads, people,
partners' figures, and where offences were recorded."""

from datetime import date, datetime, timedelta

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from geodata import frames
from geodata.core.types import SRID
from geodata.core.vocabulary import AreaKind, Disclosure, PlaceKind, Unit
from geodata.indicators import indicator_list
from geodata.indicators.observations import observations, populations
from geodata.places import covariates
from geodata.places.streets import classed_streets
from geodata.rules.days import local_day
from hotspots.core.frames import coordinates
from hotspots.core.study_areas import lies_in
from hotspots.forecast.other_knowledge import OtherKnowledge
from web.services.detection.at_risk import AtRisk

KINDS = {
    PlaceKind.CAR_PARK: "car parks",
    PlaceKind.PARK: "parks",
    PlaceKind.STATION: "stations",
    PlaceKind.STREET: "named streets",
    PlaceKind.BUILDING: "named buildings",
    PlaceKind.LAMP_COLUMN: "lamp columns",
    PlaceKind.OTHER: "other named places",
}
ROADS = {
    "main roads": ("a road", "b road", "trunk", "primary", "secondary"),
    "paths": ("footway", "path", "track", "cycleway", "bridleway", "pedestrian", "steps"),
}
RESIDENTS = "residents"
TELLING = ("anti-social", "antisocial", "drug", "fly-tip", "litter", "public-order", "nitrous")
"""Parts of keys of indicators that may bear on canisters."""
LEAST_FEATURES = 3
"""Of a kind: one or two would tell of their own spot, not of their kind."""
LEAST_AREAS = 5
LEAST_EVENTS = 20
REACH_M = 1_000.0
"""Places so far outside the borough are looked at: its edge is felt."""
YEARS_OF_EVENTS = 2


def knowledge_of(
    session: Session, area: gpd.GeoDataFrame, at_risk: AtRisk, *, as_of: datetime
) -> OtherKnowledge:
    """All of it, as known on a day, EPSG:27700.

    Parameters
    ----------
    area
        The borough.
    at_risk
        What the council holds dumping to follow.
    """
    outline = area.union_all()
    return OtherKnowledge(
        layers=_recorded_offences(session, outline, as_of),
        exposure=at_risk.frame,
        features=_features(session, outline, local_day(as_of)),
        areas=_areas(session, local_day(as_of)),
    )


def _features(session: Session, outline: shapely.Geometry, day: date) -> gpd.GeoDataFrame | None:
    """Shapes with their ``kind`` in words; None where there are none of which a kind can tell."""
    near = outline.buffer(REACH_M)
    named = frames.named_places(session, day)
    named = named[named.intersects(near)]
    roads = classed_streets(session, near.bounds)
    kinds = named["kind"].map({kind.value: words for kind, words in KINDS.items()})
    road_kinds = roads["road_class"].map(
        {each: words for words, classes in ROADS.items() for each in classes}
    )
    both = gpd.GeoDataFrame(
        {"kind": [*kinds, *road_kinds]}, geometry=[*named.geometry, *roads.geometry], crs=SRID
    )
    imported = covariates.features(session, near.bounds)
    # An import knows more of a kind than the few places that somebody named, and holds them too.
    own = both[both["kind"].notna() & ~both["kind"].isin(imported["kind"])]
    known = pd.concat([own, imported], ignore_index=True)
    enough = known["kind"].map(known["kind"].value_counts()) >= LEAST_FEATURES
    return known[enough].reset_index(drop=True) if enough.any() else None


def _areas(session: Session, day: date) -> gpd.GeoDataFrame:
    """Wards with how much each has: ``level``, ``amount``; none where too few are known."""
    wards = frames.wards(session, day)
    amounts = {RESIDENTS: _residents(session, day), **_figures(session, day)}
    parts = []
    for level, by_ward in amounts.items():
        names = {name.casefold(): amount for name, amount in by_ward.items()}
        amount = wards["name"].astype(str).str.casefold().map(names)  # no wards: no texts either
        if amount.notna().sum() >= LEAST_AREAS and amount.nunique() > 1:
            some = wards[amount.notna()]
            parts.append(
                some.assign(level=level, amount=amount.dropna())[["level", "amount", "geometry"]]
            )
    if not parts:
        return gpd.GeoDataFrame({"level": [], "amount": []}, geometry=[], crs=SRID)
    return pd.concat(parts, ignore_index=True)


def _residents(session: Session, day: date) -> dict[str, float]:
    """By ward, of the newest estimate that is not of a later year."""
    by_ward: dict[str, float] = {}
    for area, years in populations(session).items():
        known = [year for year in years if year <= day.year]
        if area.kind == AreaKind.WARD and known:
            by_ward[area.name] = float(years[max(known)].people)
    return by_ward


def _figures(session: Session, day: date) -> dict[str, dict[str, float]]:
    """By indicator that may bear on canisters, its counts by ward in the year before a day.

    Only what is public: the officers' page shows what comes of it.
    """
    telling = {
        key: each.name
        for key, each in indicator_list.by_key(session).items()
        if each.disclosure == Disclosure.PUBLIC
        and each.unit == Unit.COUNT
        and any(part in key for part in TELLING)
    }
    if not telling:
        return {}
    rows = observations(session, kinds=[AreaKind.WARD])
    is_recent = (rows["first_day"] >= day - timedelta(days=430)) & (rows["first_day"] < day)
    rows = rows[rows["key"].isin(telling) & is_recent & (rows["months"] == 1)]
    rows = rows.assign(value=pd.to_numeric(rows["value"])).dropna(subset=["value"])
    sums = rows.groupby(["key", "area"])["value"].sum()
    return {telling[key]: sums[key].to_dict() for key in sums.index.unique(level="key")}


def _recorded_offences(
    session: Session, outline: shapely.Geometry, as_of: datetime
) -> list[gpd.GeoDataFrame]:
    """Where officers recorded offences, as one layer of events; none where they are few."""
    actions = frames.actions(session)
    now = pd.Timestamp(as_of)
    actions = actions[actions["offence_at"].notna() & ~actions.geometry.is_empty]
    actions = actions[actions.geometry.notna()]
    since = now - pd.DateOffset(years=YEARS_OF_EVENTS)
    recent = actions[(actions["offence_at"] > since) & (actions["offence_at"] <= now)]
    inside = recent[lies_in(outline, coordinates(recent))] if len(recent) else recent
    if len(inside) < LEAST_EVENTS:
        return []
    events = inside.rename(columns={"offence_at": "first_reported_at"})
    return [events[["first_reported_at", "geometry"]]]
