"""The audit log: for admins, and for managers who may read enforcement data."""

from flask import abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSelect
from wtforms import IntegerField, SelectField
from wtforms.validators import Optional

from geodata.accounts import users
from geodata.people import audit
from geodata.people.audit import THE_PROGRAM, LogFilter
from web.admin.blueprint import admin
from web.auth import actor, requires_role
from web.database import commits
from web.forms.fields import day_field
from web.forms.numbers import NumberRange
from web.services.admin.audit_log import read_log


class LogForm(FlaskForm):  # type: ignore[misc]
    """Which entries; in the address, so that a view can be kept."""

    class Meta:
        csrf = False

    entity = SelectField("About", widget=GovSelect(), default="")
    user = SelectField("By", widget=GovSelect(), default="")
    day = day_field("Day")
    before = IntegerField("Before entry", validators=[Optional(), NumberRange(1, 2**31 - 1)])


@admin.get("/audit")
@requires_role("manager")
@commits
def audit_log() -> ResponseReturnValue:
    account = current_user.account
    if account.role != "admin" and not account.may_read_enforcement:
        abort(403)
    form = _form()
    is_valid = form.validate()
    page = read_log(
        g.session,
        _filter(form) if is_valid else LogFilter(),
        actor(),
        may_read_enforcement=account.may_read_enforcement,
    )
    older = _address(page.older) if page.older else None
    html = render_template("admin/audit_log.html", form=form, page=page, older=older)
    return html, 200 if is_valid else 400


def _form() -> LogForm:
    form = LogForm(request.args)
    kinds = {name: name.replace("_", " ").capitalize() for name in audit.entities(g.session)}
    named = sorted(users.names(g.session).items(), key=lambda user: user[1])
    people = {str(key): name for key, name in named}
    form.entity.choices = {"": "Everything"} | kinds
    form.user.choices = {"": "Anybody", str(THE_PROGRAM): "The program"} | people
    return form


def _filter(form: LogForm) -> LogFilter:
    return LogFilter(
        form.entity.data or None,
        int(form.user.data) if form.user.data else None,
        form.day.data,
        form.before.data,
    )


def _address(wanted: LogFilter) -> str:
    day = wanted.day and wanted.day.isoformat()
    return url_for(
        ".audit_log", entity=wanted.entity, user=wanted.user_id, day=day, before=wanted.before_id
    )
