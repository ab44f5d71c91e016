"""The visit log: one short form for each stop, made for a telephone."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from geodata import patrols as plans
from geodata.errors import RefusedError
from web.database import commits, read_session
from web.filters import LONDON, utc_now
from web.patrols.blueprint import officers_only, patrols
from web.patrols.forms import VisitForm
from web.services import patrol_visits


@patrols.get("/stops/<int:key>")
@officers_only
def visit(key: int) -> ResponseReturnValue:
    stop = plans.find_stop(read_session(), key)
    form = VisitForm(data={"arrived": f"{utc_now().astimezone(LONDON):%H:%M}"})
    return render_template("patrols/visit.html", form=form, stop=stop)


@patrols.post("/stops/<int:key>")
@officers_only
@commits
def log(key: int) -> ResponseReturnValue:
    form = VisitForm()
    stop = plans.find_stop(g.session, key)
    if form.validate_on_submit():
        told = form.to_visit(stop.arrives_at)
        try:
            user = current_user.account.id
            plan = patrol_visits.log_visit(g.session, key, told, now=utc_now(), user_id=user)
            flash(f"The visit to {stop.name} is saved.", "success")
            return redirect(url_for(".plan", key=plan))
        except RefusedError as error:
            message = str(error)
            form.arrived.errors = [message[0].upper() + message[1:]]
    return render_template("patrols/visit.html", form=form, stop=stop), 400
