"""Check the answers and send. Sent twice, it is one report."""

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from geodata.reports import drafts
from geodata.reports.drafts import Draft
from web.clock import utc_now
from web.database import commits, read_session
from web.forms.canister_fields import BANDS
from web.public.reporting.blueprint import (
    address,
    back_address,
    limit_address,
    limit_draft,
    open_draft,
    reporting,
)
from web.public.reporting.forms import SendForm
from web.public.reporting.refusing import fault_at, refuse_choice
from web.server.senders import sender
from web.services import reporting as use_case
from web.services.common import placing
from web.services.common.speaking import N_
from web.services.common.speaking import gettext as _
from web.services.reporting.already_reported import already_reported
from web.services.reporting.answers import Answers

MACHINE = N_(
    "The hidden box was filled in, as programs do. If you are a person, send it once more."
)


@reporting.route("/<key>/check", methods=["GET", "POST"])
@limit_address
@limit_draft
def check(key: str) -> ResponseReturnValue:
    draft, answers = open_draft(key)
    question = answers.next_question()
    if question != "check":
        return redirect(address(key, question))
    form = SendForm()
    if form.validate_on_submit():
        is_machine = bool(form.website.data)
        return refuse_choice(draft, answers, "check", _(MACHINE)) if is_machine else _send(draft)
    return _page(draft, answers, form)


def _page(draft: Draft, answers: Answers, form: SendForm) -> str:
    session = read_session()
    assert answers.spot is not None  # the question of the place is done
    joined = next(
        (i for i in already_reported(session, answers.spot) if i.id == answers.joins_incident_id),
        None,
    )
    return render_template(
        "public/report/check.html",
        form=form,
        key=draft.key,
        answers=answers,
        joined=joined,
        words=placing.in_words(session, answers.spot, now=utc_now()),
        band=dict(BANDS)[answers.charger_band],
        photos=drafts.waiting_photos(session, draft),
        now=utc_now(),
        error=fault_at(answers, "check"),
        back=back_address(draft.key, answers, "check"),
    )


@commits
def _send(draft: Draft) -> ResponseReturnValue:
    taken = use_case.submit(g.session, draft, sender(), now=utc_now())
    return redirect(url_for("track.receipt", reference=taken.reference))
