"""In which language a request is answered.

What the address asks for (``?lang=``) wins, and a cookie keeps it; then the cookie; then what the
browser prefers. Pages of officers are English whatever was chosen.
"""

from dataclasses import dataclass

from babel.support import NullTranslations
from flask import Flask, Response, current_app, g, request, url_for
from flask_babel import Babel, Domain
from sqlalchemy.exc import SQLAlchemyError

from geodata.core.errors import StoreError
from web.database import open_session
from web.forms.translated import translated_widgets
from web.services.common import speaking
from web.services.common.speaking import ENGLISH, PLAIN, Language, Speech
from web.services.languages import catalogues, offered
from web.services.languages.texts import script_texts

COOKIE, ARGUMENT = "language", "lang"
KEPT_S = 365 * 24 * 3600
SPOKEN = {
    "activity",
    "contractor",
    "follow",
    "legal",
    "open_data",
    "public",
    "report",
    "track",
    "you_said",
}
"""Blueprints of the public's and the crews' pages."""


class Spoken(Domain):  # type: ignore[misc]
    """Lets Flask-Babel, and by it the templates, take the texts of what is spoken now."""

    def get_translations(self) -> NullTranslations:
        return speaking.current().texts


@dataclass(frozen=True)
class Choice:
    """A language in the header, and the address of this page in it."""

    language: Language
    href: str
    is_current: bool


def register(app: Flask) -> None:
    """Choose for every request, and say so in every answer."""
    Babel(
        app,
        default_timezone="Europe/London",
        locale_selector=lambda: speaking.current().language.code,
    )
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    translated_widgets()
    app.before_request(_choose)
    app.after_request(_say_which)
    app.teardown_request(lambda _: speaking.speak(PLAIN))
    for shown in (spoken, language_choices, script_words):
        app.add_template_global(shown)


def _choose() -> None:
    speaking.speak(PLAIN)
    Spoken().as_default()
    if request.blueprint not in SPOKEN and request.endpoint is not None:
        return
    if "store" not in current_app.extensions:  # the first page of a house
        return
    try:
        session = open_session()
        g.languages = offered.switched_on(session)
        if g.languages:
            wanted = _wanted(g.languages)
            speaking.speak(catalogues.speech_of(session, wanted) if wanted else PLAIN)
    except (StoreError, SQLAlchemyError):  # the page that says so is English
        g.languages = []


def _wanted(languages: list[Language]) -> Language | None:
    """The language that this request asks for; None: English."""
    known = {language.code: language for language in languages}
    codes = [ENGLISH.code, *known]
    wanted = [request.args.get(ARGUMENT), request.cookies.get(COOKIE)]
    chosen = next((code for code in wanted if code in codes), None)
    return known.get(chosen or request.accept_languages.best_match(codes) or "")


def _say_which(response: Response) -> Response:
    if not g.get("languages"):
        return response
    response.vary.update(["Cookie", "Accept-Language"])
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = speaking.current().language.code
    wanted = request.args.get(ARGUMENT, "")
    if wanted in {ENGLISH.code, *(language.code for language in g.languages)}:
        response.set_cookie(
            COOKIE,
            wanted,
            max_age=KEPT_S,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
    return response


def spoken() -> Speech:
    """What is spoken now, for templates."""
    return speaking.current()


def language_choices() -> list[Choice]:
    """This page in every language that it may be read in; empty where there is only one."""
    languages = g.get("languages")
    if not languages or request.endpoint is None:
        return []
    rule = request.url_rule
    if rule is None or "GET" not in (rule.methods or ()):
        return []
    now = speaking.current().language
    return [
        Choice(language, _address(language), language == now) for language in (ENGLISH, *languages)
    ]


def _address(language: Language) -> str:
    query = {
        name: values
        for name, values in request.args.lists()
        if name not in {ARGUMENT, "endpoint"} and not name.startswith("_")
    }
    here: dict[str, object] = {**query, **(request.view_args or {}), ARGUMENT: language.code}
    return url_for(request.endpoint or "", **here)  # type: ignore[arg-type]


def script_words() -> dict[str, str]:
    """What scripts say, by the English; empty in English."""
    speech = speaking.current()
    if speech.is_english:
        return {}
    return {text: str(speech.texts.gettext(text)) for text in script_texts()}
