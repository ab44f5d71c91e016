"""The page of open data: files, what their columns mean, the licence, and the same for machines."""

import json

from flask import Blueprint, Response, render_template, url_for
from sqlalchemy.orm import Session

from web.council import council_name
from web.database import read_session
from web.public.kept import kept
from web.services.api.tables import TABLES
from web.services.publishing import open_data as publishing
from web.services.publishing.open_data import LICENCE, Dataset, FieldWords, Publisher
from web.services.publishing.public_figures import published

open_data = Blueprint("open_data", __name__, url_prefix="/open-data")


@open_data.get("/")
def page() -> Response:
    session = read_session()
    publisher = _publisher(session)
    return kept(lambda: _page(publisher), publisher)


def _page(publisher: Publisher) -> str:
    return render_template(
        "public/open_data.html", publisher=publisher, datasets=_datasets(), licence=LICENCE
    )


@open_data.get("/datapackage.json")
def data_package() -> Response:
    """The tables' schemas (Table Schema)."""
    publisher = _publisher(read_session())
    text = json.dumps(publishing.data_package(publisher, _datasets()), ensure_ascii=False)
    return kept(lambda: Response(text, mimetype="application/json"), publisher)


@open_data.get("/catalogue.jsonld")
def catalogue() -> Response:
    """What portals of open data harvest (DCAT-AP)."""
    publisher = _publisher(read_session())
    text = json.dumps(publishing.catalogue(publisher, _datasets()), ensure_ascii=False)
    return kept(lambda: Response(text, mimetype="application/ld+json"), publisher)


def _publisher(session: Session) -> Publisher:
    page_address = url_for("open_data.page", _external=True)
    return Publisher(council_name(), page_address, published(session).updated_at)


def _datasets() -> tuple[Dataset, ...]:
    return (
        Dataset(
            "figures",
            "Dumped canisters by month and ward",
            "Incidents reported, fallen due and cleared: months of the whole borough, and years of "
            "its wards. Counts under 5, and others that would give them away, are withheld.",
            _fields("figures"),
            ("period", "area"),
            {
                "text/csv": url_for("public.figures_csv", _external=True),
                "application/json": url_for("public.figures_json", _external=True),
            },
        ),
        Dataset(
            "enforcement",
            "What was enforced, by year and kind",
            "How many of each kind were given in a year, and how they stood when the year was "
            "released. Counts under 5, and others that would give them away, are withheld.",
            _fields("enforcement"),
            ("year", "kind"),
            {"text/csv": url_for("activity.enforcement_activity_csv", _external=True)},
        ),
    )


def _fields(table: str) -> tuple[FieldWords, ...]:
    return tuple(FieldWords(each.name, each.type, each.meaning) for each in TABLES[table].columns)
