"""What an address asks for: the format, and which features."""

from dataclasses import dataclass
from typing import Annotated, Literal

from flask import request
from pydantic import ConfigDict, Field
from sqlalchemy import ColumnElement

from geodata.core.errors import RefusedError
from geodata.exporters.layer_pages import Wanted
from web.api.faults import FaultError
from web.api.keyed import let_in, refuse_without
from web.api.listing import CURSOR
from web.api.ogc.areas import Area, area_of
from web.api.ogc.blueprint import key_holder
from web.api.ogc.filters import Language, Rows, condition_of, read_filter, unfit
from web.api.ogc.systems import System, system_named
from web.api.ogc.times import span_of
from web.api.operations import Incoming
from web.database import read_session
from web.services.api.feature_collections import COLLECTIONS, Collection, lying

MOST = 1_000
"""Features on a page: who asks for more gets so many, as the standard has it."""
Format = Literal["json", "html"]


class FormatQuery(Incoming):
    """Every address takes the format."""

    f: Format | None = None


class FeatureQuery(FormatQuery):
    """Of one feature."""

    crs: str | None = None


class ItemsQuery(FeatureQuery):
    """Of a page of features."""

    model_config = ConfigDict(populate_by_name=False)

    limit: Annotated[int, Field(ge=1)] = 100
    cursor: Annotated[str | None, Field(pattern=CURSOR)] = None
    bbox: str | None = None
    bbox_crs: Annotated[str | None, Field(alias="bbox-crs")] = None
    datetime: str | None = None
    filter: str | None = None
    filter_lang: Annotated[Language | None, Field(alias="filter-lang")] = None
    filter_crs: Annotated[str | None, Field(alias="filter-crs")] = None


@dataclass(frozen=True)
class WantedFeatures:
    """Which features, and how they are written; ``area`` None: wherever they lie."""

    wanted: Wanted
    area: Area | None
    system: System
    limit: int
    is_nowhere: bool = False


def wanted_features(query: ItemsQuery, collection: Collection) -> WantedFeatures:
    """What a query asks for, each part of it checked.

    Raises
    ------
    FaultError
        A part cannot be read; it is named.
    """
    system = system_named(query.crs, "query.crs")
    box_system = system_named(query.bbox_crs, "query.bbox-crs")
    area = None if query.bbox is None else area_of(query.bbox, box_system)
    first, last = (None, None) if query.datetime is None else span_of(query.datetime)
    around = None if area is None else area.around()
    after = int((query.cursor or "c0")[1:])
    return WantedFeatures(
        Wanted(
            after=after,
            box=around,
            first=first,
            last=last,
            condition=_condition(query, collection),
        ),
        area,
        system,
        min(query.limit, MOST),
        is_nowhere=area is not None and around is None,
    )


def _condition(query: ItemsQuery, collection: Collection) -> ColumnElement[bool] | None:
    system = system_named(query.filter_crs, "query.filter-crs")
    if query.filter is None:
        return None

    def meeting(area: Area) -> ColumnElement[bool]:
        try:
            return lying(read_session(), collection, area.around(), area.meets)
        except RefusedError as error:
            raise unfit(str(error)) from None

    tree = read_filter(query.filter, query.filter_lang)
    return condition_of(tree, Rows(collection.columns, collection.shape, meeting), system)


def is_page(query: FormatQuery) -> bool:
    """Whether HTML is asked for: by ``f``, or else by the header ``Accept``."""
    if query.f is not None:
        return query.f == "html"
    accepted = request.accept_mimetypes
    kinds = ["application/json", "application/geo+json", "text/html"]
    return accepted.best_match(kinds, "application/json") == "text/html"


def open_collections() -> list[Collection]:
    """What the request's key opens, or anybody where it bears none."""
    holder = key_holder()
    return [
        each
        for each in COLLECTIONS.values()
        if each.scope is None or (holder is not None and holder.may(each.scope))
    ]


def collection_named(name: str) -> Collection:
    """A collection that this request may read.

    Raises
    ------
    FaultError
        There is none of this name, or the key does not open it.
    """
    if name not in COLLECTIONS:
        known = ", ".join(each.name for each in open_collections())
        raise FaultError(404, f"There is no collection {name[:40]!r}", f"Choose one of {known}.")
    collection = COLLECTIONS[name]
    holder = key_holder()
    if collection.scope is not None:
        if holder is None:
            let_in(collection.scope, "")  # which says how to send one
        else:
            refuse_without(collection.scope, holder)
    return collection
