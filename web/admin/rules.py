"""The dated rule tables: what holds, from which source, and the council's own rows."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geodata.rules import council
from geodata.rules.days import local_day
from geodata.rules.tables import RuleTable
from web.admin.blueprint import admin, managers_only
from web.admin.rule_form import ReasonForm, RowForm, fill, form_for, read, values_of
from web.auth import actor
from web.clock import utc_now
from web.database import commits, read_session
from web.forms.refusals import refusal_at
from web.services.settings import rule_tables, rule_withdrawals
from web.services.settings.new_rows import NewRow

STARTS_FROM_TODAY = "service_level"
"""Whoever changes a promise changes one value of it and not all."""


@admin.get("/rules")
@managers_only
def rules() -> ResponseReturnValue:
    return render_template("admin/rules.html", tables=council.rulebook(read_session()).tables)


@admin.get("/rules/<name>")
@managers_only
def rule_table(name: str) -> ResponseReturnValue:
    view = rule_tables.open_table(read_session(), name, utc_now().date())
    return render_template("admin/rule_table.html", view=view, shown=read)


@admin.route("/rules/<name>/add", methods=["GET", "POST"])
@managers_only
@commits
def add_rule(name: str) -> ResponseReturnValue:
    """A new row; ``replaces`` names the council's row that it corrects."""
    table = council.find_table(name)
    replaces = request.args.get("replaces", type=int)
    form = form_for(table)()
    shown = None
    if form.validate_on_submit():
        with refusal_at(form.source):
            new = _entered(form, table)
            if "preview" in request.form:
                shown = rule_tables.preview(g.session, table, new, replaces, actor())
            else:
                return _saved(table, form, new, replaces)
    elif not form.is_submitted() and replaces is not None:
        old = council.find(g.session, replaces)
        fill(form, table, old.values)
        form.valid_from.data, form.valid_to.data = old.valid_from, old.valid_to
        form.source.data, form.is_verified.data = old.source, old.is_verified
    elif not form.is_submitted() and name == STARTS_FROM_TODAY:
        now = council.rulebook(g.session)[name].on(local_day(utc_now()))
        fill(form, table, {**now.values, "version": None} if now else {})
    page = render_template(
        "admin/rule_row.html", table=table, form=form, replaces=replaces, preview=shown, shown=read
    )
    return page, 400 if form.errors else 200


def _saved(
    table: RuleTable, form: RowForm, new: NewRow, replaces: int | None
) -> ResponseReturnValue:
    moves_jobs = bool("moves_jobs" in form and form.moves_jobs.data)
    rule_tables.add_row(g.session, table, new, replaces, actor(), moves_jobs=moves_jobs)
    flash("The row is added. What held before stays in the history.", "success")
    return redirect(url_for(".rule_table", name=table.name))


def _entered(form: RowForm, table: RuleTable) -> NewRow:
    return NewRow(
        values_of(table, form),
        form.valid_from.data,
        form.valid_to.data,
        form.source.data,
        form.is_verified.data,
    )


@admin.route("/rules/<name>/<int:key>/withdraw", methods=["GET", "POST"])
@managers_only
@commits
def withdraw_rule(name: str, key: int) -> ResponseReturnValue:
    return _ended(name, key, ReasonForm(), is_return=False)


@admin.route("/rules/<name>/<int:key>/put-back", methods=["GET", "POST"])
@managers_only
@commits
def put_rule_back(name: str, key: int) -> ResponseReturnValue:
    return _ended(name, key, ReasonForm(), is_return=True)


def _ended(name: str, key: int, form: ReasonForm, *, is_return: bool) -> ResponseReturnValue:
    """A row is withdrawn, or put back, for a reason; what that changes is shown first."""
    table, row = council.find_table(name), council.find(g.session, key)
    if row.table_name != name:
        abort(404)
    if form.validate_on_submit():
        do = rule_withdrawals.put_back if is_return else rule_withdrawals.withdraw_row
        with refusal_at(form.reason):
            do(g.session, key, actor(), reason=form.reason.data)
            done = "put back" if is_return else "withdrawn"
            flash(f"Row {key} is {done}; all that was entered stays in the history.", "success")
            return redirect(url_for(".rule_table", name=name))
    look = rule_withdrawals.preview_return if is_return else rule_withdrawals.preview_withdrawal
    shown = None
    with refusal_at(form.reason):
        shown = look(g.session, key, actor())
    page = render_template(
        "admin/rule_end.html",
        table=table,
        row=row,
        form=form,
        preview=shown,
        shown=read,
        is_return=is_return,
    )
    return page, 400 if form.errors else 200
