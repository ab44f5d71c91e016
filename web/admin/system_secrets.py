"""Another secret for a system, by managers: the old one signs on for a while."""

from datetime import timedelta

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from geodata.core.vocabulary import SystemKind
from geodata.people import systems
from geodata.people.systems import System
from web.admin.blueprint import admin, managers_only
from web.admin.system_forms import NewKeyForm, NewSecretForm
from web.admin.systems import secret_shown
from web.auth import actor
from web.database import commits
from web.forms.refusals import refusal_at
from web.services.exchange import secret_changes


@admin.route("/systems/<int:key>/secret", methods=["GET", "POST"])
@managers_only
@commits
def system_secret(key: int) -> ResponseReturnValue:
    system = systems.get(g.session, key)
    form = NewSecretForm() if system.kind == SystemKind.JOBS else NewKeyForm()
    if form.validate_on_submit():
        with refusal_at(form.secret):
            return _changed(
                secret_changes.change(
                    g.session,
                    actor(),
                    key,
                    (form.secret.data or "").strip(),
                    overlap=timedelta(days=form.overlap_days),
                )
            )
    page = render_template("admin/system_secret.html", form=form, system=system)
    return page, 400 if form.errors else 200


def _changed(changed: System) -> ResponseReturnValue:
    if changed.kind != SystemKind.JOBS:
        flash(f"{changed.name} is called with the new key from now on.", "success")
        return redirect(url_for(".system", key=changed.id))
    return secret_shown(changed)


@admin.post("/systems/<int:key>/secret/end-old")
@managers_only
@commits
def end_old_secret(key: int) -> ResponseReturnValue:
    ended = secret_changes.end_old(g.session, actor(), key)
    flash(f"Pushes to {ended.name} are signed by the new secret alone.", "success")
    return redirect(url_for(".system", key=key))
