"""A file that waits: how it is understood, what may be said of it, in with it, or away."""

from flask import Response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from geodata.core.errors import NotFoundError, RefusedError
from geodata.importers import profiles
from geodata.importers.kinds import KINDS
from geodata.store import background
from web.auth import actor
from web.clock import utc_now
from web.database import close_session, read_session, store
from web.imports.blueprint import folder, imports, officers_only, rights
from web.imports.option_words import in_words
from web.imports.sent_choices import sent_choices
from web.server.ticks import wake
from web.services.admin.retention_schedule import COPIES_KEPT
from web.services.imports import held_imports, import_work
from web.services.imports.held_imports import Held, State
from web.services.imports.import_kinds import PAGE_KINDS, refuse_other

AGAIN_S = 2


def _held(token: str) -> Held:
    held = held_imports.find(folder(), token, actor().user_id)
    refuse_other(rights(), held.kind)
    return held


def _ready(token: str) -> Held | None:
    """The file, unless somebody works on it or it is in already."""
    held = _held(token)
    return held if held.state(utc_now()) is State.READY else None


def _back(token: str) -> ResponseReturnValue:
    wake()
    return redirect(url_for(".look", token=token))


@imports.get("/file/<token>")
@officers_only
def look(token: str) -> ResponseReturnValue:
    """What would become of it; how far the work is; or what became of it."""
    held = _held(token)
    state = held.state(utc_now())
    if state in (State.WAITING, State.RUNNING, State.STOPPED):
        return _under_way(held, state)
    if state is State.TAKEN:
        return render_template("imports/taken.html", held=held, looked=held_imports.looked(held))
    return _preview(held)


def _preview(held: Held, fault: str = "") -> str:
    kind = KINDS[held.kind]
    return render_template(
        "imports/look.html",
        held=held,
        words={each.name: each.words for each in PAGE_KINDS}[held.kind],
        looked=held_imports.looked(held),
        fault=fault or in_words(held.fault, held.in_shell),
        in_words=in_words,
        fields=[field.name for field in (kind.reference, *kind.fields)],
        profiles=profiles.names_for(read_session(), held.kind),
        copies_days=COPIES_KEPT.days,
        is_feed_possible=held.kind == "reports",
    )


def _under_way(held: Held, state: State) -> ResponseReturnValue:
    newest = background.ticks(read_session())[:1]
    page = render_template(
        "imports/under_way.html",
        held=held,
        state=state.name,
        progress=held_imports.progress(held),
        last_tick=newest[0] if newest else None,
    )
    return page, {} if state is State.STOPPED else {"Refresh": str(AGAIN_S)}


@imports.post("/file/<token>")
@officers_only
def look_again(token: str) -> ResponseReturnValue:
    """Look anew, with what was said of it."""
    held = _ready(token)
    if held is None:
        return _back(token)
    choices = sent_choices(request.form, held_imports.looked(held))
    try:
        choices.check()
    except RefusedError as error:
        return _preview(held, str(error)), 400
    close_session()
    import_work.choose(store(), held, choices, now=utc_now())
    return _back(token)


@imports.post("/file/<token>/take-in")
@officers_only
def take_in(token: str) -> ResponseReturnValue:
    held = _ready(token)
    if held is not None:
        name = request.form.get("profile_name", "").strip()
        try:
            import_work.check_profile_name(name)
        except RefusedError as error:
            return _preview(held, in_words(str(error))), 400
        close_session()
        import_work.take_soon(store(), held, by=actor(), profile_name=name)
    return _back(token)


@imports.post("/file/<token>/again")
@officers_only
def try_again(token: str) -> ResponseReturnValue:
    """Have the work begun anew that was cut off."""
    held = _held(token)
    if held.state(utc_now()) is State.STOPPED:
        held_imports.let_go(held)
    return _back(token)


@imports.post("/file/<token>/drop")
@officers_only
def drop(token: str) -> ResponseReturnValue:
    """Throw the file away; what was taken in stays."""
    held = _held(token)
    if held.state(utc_now()) is not State.RUNNING:
        held_imports.drop(held)
    return redirect(url_for(".board"))


@imports.get("/file/<token>/rejected.csv")
@officers_only
def rejects(token: str) -> Response:
    """The rows that do not go in, each with what is wrong."""
    held = _held(token)
    if not held.rejects.exists():
        raise NotFoundError("no row of this file was refused")
    return send_file(held.rejects, mimetype="text/csv", as_attachment=True)
