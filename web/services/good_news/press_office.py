"""What the press office decides: a success is approved in its words, rejected or withdrawn."""

from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import NewsState
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.store import good_news
from geodata.store.good_news import NewsItem, NewsWords
from web.services.good_news.proposal import LONGEST
from web.services.good_news.proposing import ENTITY

FROM = {
    NewsState.APPROVED: (NewsState.PROPOSED, NewsState.APPROVED, NewsState.REJECTED),
    NewsState.REJECTED: (NewsState.PROPOSED,),
    NewsState.WITHDRAWN: (NewsState.APPROVED,),
}
"""From which states one comes to each; an approved one may be approved anew in other words."""


def decide(
    session: Session, key: int, state: NewsState, by: Actor, words: NewsWords | None = None
) -> None:
    """Note a decision; without ``words`` it keeps those that it has.

    Raises
    ------
    NotFoundError
        There is no such success.
    RefusedError
        It is in no state for that, or the text is longer than a post.
    """
    item = good_news.find(session, key)
    wording = words or item.words
    _check(item, state, wording)
    good_news.add_event(session, key, state, wording, user_id=by.user_id, now=by.now)
    audit.write(session, by, state.value, ENTITY, key)


def _check(item: NewsItem, state: NewsState, words: NewsWords) -> None:
    if item.state not in FROM[state]:
        raise RefusedError(f"good news {item.id} is {item.state.value}: it cannot be {state.value}")
    if len(words.text) > LONGEST:
        raise RefusedError(
            f"the text has {len(words.text)} characters, and a post holds {LONGEST}: shorten it"
        )
