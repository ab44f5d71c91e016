"""You said, we did: the page, its Atom feed (RFC 4287), whole or of one ward, and its pictures."""

from flask import Blueprint, Response, abort, render_template, request, url_for

from geodata.store.good_news import NewsItem
from web.clock import today, utc_now
from web.council import council_name
from web.database import read_session
from web.documents.atom import Entry, Feed, as_atom
from web.documents.news_picture import picture_of
from web.services.good_news.public_page import approved
from web.services.good_news.public_page import you_said as news_on

you_said = Blueprint("you_said", __name__, url_prefix="/you-said-we-did")
TITLE = "You said, we did"


@you_said.get("", strict_slashes=False)
def page() -> str:
    return render_template("public/you_said.html", news=news_on(read_session(), today()))


@you_said.get("/<int:key>.png")
def picture(key: int) -> Response:
    items = [item for item in approved(read_session()) if item.id == key]
    return picture_of(items[0]) if items else abort(404)


@you_said.get("/feed.atom")
def atom() -> Response:
    """What is approved, the newest first; with ``ward`` in the address that ward's alone."""
    ward = request.args.get("ward")
    items = [item for item in approved(read_session()) if ward is None or item.ward == ward]
    feed = Feed(
        title=f"{TITLE}: {ward or council_name()}",
        author=council_name(),
        page=url_for(".page", _external=True),
        address=request.url,
        updated=items[0].since if items else utc_now(),
    )
    response = as_atom(feed, (_entry(feed.page, item) for item in items))
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _entry(page: str, item: NewsItem) -> Entry:
    address = f"{page}#news-{item.id}"
    return Entry(
        id=address,
        title=item.words.title,
        updated=item.since,
        summary=item.words.text,
        href=address,
        category=item.ward,
        picture=url_for(".picture", key=item.id, _external=True),
    )
