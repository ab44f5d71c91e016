"""What an officer wants to hear of, and where."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect, GovSubmitInput
from sqlalchemy.orm import Session
from wtforms import RadioField, SelectField, SubmitField
from wtforms.validators import InputRequired

from geodata import places
from geodata.core.vocabulary import ALERT_WORDS, CHANNELS, AlertKind, PlaceKind
from geodata.people import alert_rules, systems
from geodata.rules.days import local_day
from web.clock import utc_now
from web.database import commits_when_sent
from web.forms.canister_fields import choices
from web.forms.refusals import refusal_at
from web.hotspot_desk.blueprint import desk, officers_only
from web.services.alerts import officer_alerts

NONE = "0"


class AlertForm(FlaskForm):  # type: ignore[misc]
    what = RadioField(
        "What do you want to hear of?",
        widget=GovRadioInput(),
        choices=choices((kind.value, words) for kind, words in ALERT_WORDS.items()),
        validators=[InputRequired("Choose what you want to hear of")],
    )
    ward = SelectField("Where?", widget=GovSelect())
    system = SelectField("By what?", widget=GovSelect())
    submit = SubmitField("Add the alert", widget=GovSubmitInput())

    def offering(self, session: Session) -> "AlertForm":
        """The form with wards and channels of today to choose from."""
        wards = session.scalars(places.current(local_day(utc_now()), PlaceKind.WARD)).all()
        listed = sorted((ward.name, str(ward.id)) for ward in wards)
        self.ward.choices = choices(
            [(NONE, "In the whole borough"), *((key, name) for name, key in listed)]
        )
        channels = systems.of_kinds(session, *CHANNELS)
        self.system.choices = choices(
            [(NONE, "By mail to me"), *((str(each.id), each.name) for each in channels)]
        )
        return self


@desk.route("/alerts", methods=["GET", "POST"])
@officers_only
@commits_when_sent
def alerts() -> ResponseReturnValue:
    form = AlertForm().offering(g.session)
    if form.validate_on_submit():
        with refusal_at(form.system):
            officer_alerts.add(
                g.session,
                current_user.account,
                AlertKind(form.what.data),
                ward_id=int(form.ward.data) or None,
                system_id=int(form.system.data) or None,
                now=utc_now(),
            )
            flash("You will hear of it.", "success")
            return redirect(url_for(".alerts"))
    rules = alert_rules.of_user(g.session, current_user.account.id)
    page = render_template("hotspot_desk/alerts.html", form=form, rules=rules, words=ALERT_WORDS)
    return page, 400 if form.errors else 200


@desk.post("/alerts/<int:key>/remove")
@officers_only
@commits_when_sent
def alert_removed(key: int) -> ResponseReturnValue:
    officer_alerts.remove(g.session, current_user.account, key)
    flash("You will not hear of it any more.", "success")
    return redirect(url_for(".alerts"))
