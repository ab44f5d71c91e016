"""Successes, and what the press office made of each: proposed, approved, rejected, withdrawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geodata.core.errors import NotFoundError
from geodata.core.vocabulary import NewsState
from geodata.models import GoodNews, GoodNewsEvent

Figures = tuple[tuple[str, str], ...]
"""What a picture shows: pairs of a number and its words."""


@dataclass(frozen=True)
class NewsWords:
    """How a success is told: heading, post, and what the picture shows."""

    title: str
    text: str
    alt: str


@dataclass(frozen=True)
class NewsItem:
    """A success as it stands: its state and words are those of its last event, at ``since``."""

    id: int
    kind: str
    ward: str
    figures: Figures
    state: NewsState
    since: datetime
    words: NewsWords


def propose(
    session: Session,
    key: str,
    *,
    kind: str,
    ward: str,
    figures: Figures,
    words: NewsWords,
    user_id: int | None,
    now: datetime,
) -> int | None:
    """A new success; its key, or None where one of this ``key`` was proposed before."""
    if known_keys(session, [key]):
        return None
    pairs = [list(pair) for pair in figures]
    news = GoodNews(key=key, kind=kind, ward=ward, figures=pairs, proposed_at=now)
    session.add(news)
    session.flush()
    add_event(session, news.id, NewsState.PROPOSED, words, user_id=user_id, now=now)
    return news.id


def known_keys(session: Session, keys: Iterable[str]) -> set[str]:
    """Those of these keys that were proposed before, whatever became of them."""
    return set(session.scalars(select(GoodNews.key).where(GoodNews.key.in_(list(keys)))))


def add_event(
    session: Session,
    key: int,
    state: NewsState,
    words: NewsWords,
    *,
    user_id: int | None,
    now: datetime,
) -> None:
    """What became of a success that is there, and how it reads from then on."""
    event = GoodNewsEvent(news_id=key, at=now, by_id=user_id, state=state.value, **vars(words))
    session.add(event)
    session.flush()


def find(session: Session, key: int) -> NewsItem:
    """A success by its key.

    Raises
    ------
    NotFoundError
        There is none.
    """
    items = [item for item in every(session) if item.id == key]
    if not items:
        raise NotFoundError(f"there is no good news {key}")
    return items[0]


def every(session: Session, state: NewsState | None = None) -> Sequence[NewsItem]:
    """Successes in a state, or all, those that changed last first."""
    last = select(func.max(GoodNewsEvent.id)).group_by(GoodNewsEvent.news_id)
    query = (
        select(GoodNews, GoodNewsEvent)
        .join(GoodNewsEvent, GoodNewsEvent.news_id == GoodNews.id)
        .where(GoodNewsEvent.id.in_(last))
    )
    if state is not None:
        query = query.where(GoodNewsEvent.state == state.value)
    order = (GoodNewsEvent.at.desc(), GoodNews.proposed_at.desc(), GoodNewsEvent.id.desc())
    rows = session.execute(query.order_by(*order))
    return [_item(news, event) for news, event in rows]


def _item(news: GoodNews, event: GoodNewsEvent) -> NewsItem:
    return NewsItem(
        news.id,
        news.kind,
        news.ward,
        tuple((number, words) for number, words in news.figures),
        NewsState(event.state),
        event.at,
        NewsWords(event.title, event.text, event.alt),
    )
