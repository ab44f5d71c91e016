"""The released figures as an Atom feed, one entry a release."""

from collections.abc import Iterator

from flask import Blueprint, Response, url_for
from sqlalchemy.orm import Session

from geodata.store import releases
from web.clock import utc_now
from web.council import council_name
from web.database import read_session
from web.documents.atom import Entry, Feed, as_atom
from web.public.figure_words import in_time, month_name, ward_count
from web.public.kept import kept
from web.services.publishing.public_figures import MonthFigures, PublicFigures, published

feed = Blueprint("feed", __name__)


@feed.get("/feed.atom")
def atom() -> Response:
    """The last twelve released months and the last released year, newest first."""
    session = read_session()
    return kept(lambda: _document(session), releases.latest(session))


def _document(session: Session) -> Response:
    figures, council = published(session), council_name()
    content = Feed(
        title=f"Dumped canisters in {council}",
        author=council,
        page=url_for("public.home", _external=True),
        address=url_for("feed.atom", _external=True),
        updated=figures.updated_at or utc_now(),
    )
    return as_atom(content, _entries(figures, content.page))


def _entries(figures: PublicFigures, page: str) -> Iterator[Entry]:
    for year in figures.years[-1:]:
        sentences = (f"{ward.name}: {ward_count(ward.reported)}" for ward in year.wards)
        yield Entry(
            id=f"{page}#{year.name}",
            title=f"Wards in {year.name}",
            updated=year.released_at,
            summary=f"Reported. {'. '.join(sentences)}.",
            href=page,
        )
    for month in reversed(figures.recent_months):
        yield _month_entry(page, month)


def _month_entry(page: str, month: MonthFigures) -> Entry:
    return Entry(
        id=f"{page}#{month.name}",
        title=month_name(month.first_day),
        updated=month.revised_at or month.released_at,
        summary=f"Reported: {ward_count(month.reported)}. Fell due: {ward_count(month.due)}. "
        f"Cleared: {ward_count(month.cleared)}. Cleared in time: {in_time(month)}.",
        href=page,
    )
