"""The picture of a success, drawn when it is asked for."""

from flask import Response

from geodata.store import settings
from geodata.store.good_news import NewsItem
from web.council import council_name
from web.database import read_session
from web.documents.share_card import share_card


def picture_of(item: NewsItem) -> Response:
    """A PNG that names the council, and says where the data are the demo's."""
    is_demo = settings.read(read_session(), settings.IS_DEMO, False)
    mark = "Synthetic demo data" if is_demo else ""
    card = share_card(item.words.title, item.figures, council_name(), mark)
    return Response(card, mimetype="image/png")
