"""What the press office decides of a success that was proposed."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCharacterCount, GovTextArea, GovTextInput
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import NewsState
from geodata.store import good_news
from geodata.store.good_news import NewsItem, NewsWords
from web.auth import actor, requires_role
from web.clock import utc_now
from web.database import commits, read_session
from web.documents.news_picture import picture_of
from web.filters import sentence
from web.forms.impersonal import Impersonal
from web.services.good_news.press_office import decide
from web.services.good_news.proposal import LONGEST, Proposal
from web.services.good_news.proposing import look_for_successes, propose

press = Blueprint("press", __name__, url_prefix="/officer/good-news")
officers_only = requires_role("officer", "manager")
STATES = {
    NewsState.PROPOSED: "Proposed",
    NewsState.APPROVED: "On the public page",
    NewsState.REJECTED: "Rejected",
    NewsState.WITHDRAWN: "Taken back",
}
ACTS = {
    "approve": (NewsState.APPROVED, "It is on the public page."),
    "reject": (NewsState.REJECTED, "It is rejected: nobody outside sees it."),
    "withdraw": (NewsState.WITHDRAWN, "It is taken off the public page."),
}


class WordsForm(FlaskForm):  # type: ignore[misc]
    """How a success is told."""

    title = StringField(
        "Heading",
        widget=GovTextInput(),
        validators=[InputRequired("Write a heading"), Length(max=120), Impersonal()],
    )
    text = TextAreaField(
        "Post",
        widget=GovCharacterCount(),
        description="Name no person, no camera and no patrol, and no count under 5.",
        validators=[
            InputRequired("Write the post"),
            Length(max=LONGEST, message=f"A post holds {LONGEST} characters: shorten it"),
            Impersonal(),
        ],
    )
    alt = TextAreaField(
        "What the picture shows",
        widget=GovTextArea(),
        description="For those who do not see it.",
        validators=[InputRequired("Write what the picture shows"), Length(max=300), Impersonal()],
    )

    def words(self) -> NewsWords:
        return NewsWords(self.title.data, self.text.data, self.alt.data)


@press.get("", strict_slashes=False)
@officers_only
def board() -> str:
    items = good_news.every(read_session())
    return render_template("press/board.html", items=items, states=STATES)


@press.post("/look")
@officers_only
def look() -> ResponseReturnValue:
    """Read for seconds with the reader's session, and write in milliseconds."""
    new = _propose(look_for_successes(read_session(), now=utc_now()))
    flash(f"New successes: {new}." if new else "The record shows no success that is new.")
    return redirect(url_for(".board"))


@commits
def _propose(successes: list[Proposal]) -> int:
    return propose(g.session, successes, actor())


@press.get("/<int:key>")
@officers_only
def item(key: int) -> ResponseReturnValue:
    news = good_news.find(read_session(), key)
    return _page(news, WordsForm(data=vars(news.words)))


@press.post("/<int:key>/<act>")
@officers_only
def decision(key: int, act: str) -> ResponseReturnValue:
    if act not in ACTS:
        abort(404)
    news = good_news.find(read_session(), key)
    state, message = ACTS[act]
    form = WordsForm(data=vars(news.words))
    if act == "approve" and not form.validate_on_submit():
        return _page(news, form), 400
    try:
        _decide(key, state, form.words() if act == "approve" else None)
    except RefusedError as error:
        form.title.errors = [sentence(error)]
        return _page(good_news.find(read_session(), key), form), 400
    flash(message, "success")
    return redirect(url_for(".board"))


@commits
def _decide(key: int, state: NewsState, words: NewsWords | None) -> None:
    decide(g.session, key, state, actor(), words)


@press.get("/<int:key>.png")
@officers_only
def picture(key: int) -> Response:
    return picture_of(good_news.find(read_session(), key))


def _page(news: NewsItem, form: WordsForm) -> str:
    return render_template("press/item.html", item=news, form=form, states=STATES, longest=LONGEST)
