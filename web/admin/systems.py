"""Systems that this site calls: entered, looked at, switched off, told again by managers."""

from flask import Response, current_app, flash, g, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from geodata.core.vocabulary import SYSTEM_WORDS, SystemKind
from geodata.people import systems
from geodata.people.systems import System
from geodata.reports import remote_requests
from web.admin.blueprint import admin, managers_only
from web.admin.system_forms import FORMS
from web.auth import actor
from web.config import Config
from web.database import commits, read_session
from web.forms.refusals import refusal_at
from web.services.common.outgoing import host_of
from web.services.exchange import systems as use_cases

SHOWN = 100


@admin.get("/systems")
@managers_only
def system_list() -> ResponseReturnValue:
    session = read_session()
    return render_template(
        "admin/systems.html",
        systems=systems.every(session),
        given_up=systems.given_up(session),
        tallies=remote_requests.tallies(session),
        words=SYSTEM_WORDS,
        host_of=host_of,
    )


@admin.route("/systems/new/<any(jobs, open311, teams, slack):kind>", methods=["GET", "POST"])
@managers_only
@commits
def new_system(kind: str) -> ResponseReturnValue:
    form = FORMS[SystemKind(kind)]().offering(g.session)
    if form.validate_on_submit():
        terms, hosts = form.system_terms(SystemKind(kind)), _config().allowed_private_hosts
        with refusal_at(form.url):
            return _made(use_cases.add(g.session, actor(), terms, private_hosts=hosts))
    page = render_template("admin/new_system.html", form=form, kind=kind, words=SYSTEM_WORDS)
    return page, 400 if form.errors else 200


def _made(made: System) -> ResponseReturnValue:
    if made.kind != SystemKind.JOBS:
        flash(f"{made.name} is entered, and switched on.", "success")
        return redirect(url_for(".system", key=made.id))
    return secret_shown(made)


def secret_shown(system: System) -> Response:
    """The page that bears a system's secret, this once."""
    page = make_response(render_template("admin/system_made.html", system=system))
    page.headers["Cache-Control"] = "no-store"
    return page


@admin.get("/systems/<int:key>")
@managers_only
def system(key: int) -> ResponseReturnValue:
    session = read_session()
    return render_template(
        "admin/system.html",
        system=systems.get(session, key),
        pushes=systems.pushes(session, key, limit=SHOWN),
        waiting=systems.waiting(session, key),
        given_up=systems.given_up(session).get(key, 0),
        refused=remote_requests.refused(session, key, limit=SHOWN),
        words=SYSTEM_WORDS,
        host_of=host_of,
    )


@admin.post("/systems/<int:key>/switch-<any(on, off):state>")
@managers_only
@commits
def switch_system(key: int, state: str) -> ResponseReturnValue:
    switched = use_cases.switch(g.session, actor(), key, is_on=state == "on")
    flash(f"{switched.name} is switched {state}.", "success")
    return redirect(url_for(".system", key=key))


@admin.post("/systems/<int:key>/test")
@managers_only
@commits
def test_system(key: int) -> ResponseReturnValue:
    tested = use_cases.send_test(g.session, actor(), key)
    flash(f"A test for {tested.name} waits: it goes out within a minute or two.", "success")
    return redirect(url_for(".system", key=key))


@admin.post("/systems/<int:key>/pushes/<int:message_id>/again")
@managers_only
@commits
def push_again(key: int, message_id: int) -> ResponseReturnValue:
    receiver = use_cases.send_again(g.session, actor(), key, message_id)
    flash(f"It goes to {receiver.name} again within a minute or two.", "success")
    return redirect(url_for(".system", key=key))


@admin.post("/systems/<int:key>/try-now")
@managers_only
@commits
def try_system_now(key: int) -> ResponseReturnValue:
    tried = use_cases.try_now(g.session, actor(), key)
    flash(f"{tried.name} is tried again within a minute or two.", "success")
    return redirect(url_for(".system", key=key))


@admin.post("/systems/<int:key>/given-up/again")
@managers_only
@commits
def given_up_again(key: int) -> ResponseReturnValue:
    count = use_cases.send_given_up_again(g.session, actor(), key)
    flash(f"Sent again within a minute or two: {count}.", "success")
    return redirect(url_for(".system", key=key))


def _config() -> Config:
    config: Config = current_app.config["HOTSPOTS"]
    return config
