"""Where a speaker reads the texts side by side with the English: with an account, or by a link."""

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geodata.core.errors import RefusedError
from geodata.store import translated_texts
from web.auth import actor, requires_role
from web.clock import utc_now
from web.database import commits, read_session
from web.filters import sentence
from web.languages.blueprint import languages
from web.languages.board import page_number
from web.services.languages import checking, offered
from web.services.languages.checking import Line, Speaker

A_PAGE = 20
SHOWN_CHANGES = 30
Problems = dict[str, str]
Entered = dict[str, list[str]]


@languages.get("/<code>")
@requires_role("officer", "manager")
def texts(code: str) -> ResponseReturnValue:
    """Some texts of a language, and what was changed last."""
    return _page(code, {}, {})


@languages.post("/<code>")
@requires_role("officer", "manager")
@commits
def save(code: str) -> ResponseReturnValue:
    return _save(code, Speaker(actor()), url_for(".texts", code=code))


@languages.get("/link/<key>")
def by_link(key: str) -> ResponseReturnValue:
    """The same for a speaker who has no account."""
    code, _ = checking.read_link(_secret(), key, now=utc_now())
    return _page(code, {}, {})


@languages.post("/link/<key>")
@commits
def save_by_link(key: str) -> ResponseReturnValue:
    code, speaker = checking.read_link(_secret(), key, now=utc_now())
    return _save(code, speaker, url_for(".by_link", key=key))


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


def _save(code: str, speaker: Speaker, here: str) -> ResponseReturnValue:
    """Take what is sound; what is refused stays on the page as it was written."""
    known = {line.key: line for line in checking.lines(g.session, code)}
    problems: Problems = {}
    entered: Entered = {}
    saved = 0
    for line in (known[key] for key in request.form.getlist("key") if key in known):
        sent = [request.form.get(f"{line.key}-{n}", "") for n in range(len(line.texts))]
        is_approved = f"{line.key}-ok" in request.form
        try:
            saved += checking.take(g.session, speaker, code, line, sent, is_approved=is_approved)
        except RefusedError as error:
            problems[line.key], entered[line.key] = sentence(error), sent
    if problems:
        return _page(code, problems, entered), 400
    flash(f"{saved} texts are saved." if saved else "Nothing was changed.", "success")
    return redirect(f"{here}?{request.query_string.decode()}")


def _page(code: str, problems: Problems, entered: Entered) -> str:
    session = g.get("session") or read_session()
    language = offered.find(code)
    only_open = "all" not in request.args
    lines = checking.lines(session, code, only_open=only_open)
    shown = _shown(lines, problems) if problems else lines[A_PAGE * (page_number() - 1) :][:A_PAGE]
    return render_template(
        "languages/texts.html",
        language=language,
        standing=checking.standing(session, language),
        lines=shown,
        number=page_number(),
        pages=max(1, -(-len(lines) // A_PAGE)),
        only_open=only_open,
        problems=problems,
        entered=entered,
        changes=translated_texts.history(session, code, SHOWN_CHANGES),
    )


def _shown(lines: list[Line], problems: Problems) -> list[Line]:
    return [line for line in lines if line.key in problems]
