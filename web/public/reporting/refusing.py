"""A refused answer waits in the draft, and its page is got, not sent.

To go back or to load it again asks nobody to send a form twice, and loses nothing that was written.
"""

from dataclasses import replace
from typing import Any, TypeVar

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict

from geodata.reports import drafts
from geodata.reports.drafts import Draft
from web.clock import utc_now
from web.database import commits
from web.server.request_bounds import without_control_characters
from web.services.reporting.answers import Answers, Refused

F = TypeVar("F", bound=FlaskForm)
NOT_KEPT = frozenset({"csrf_token", "lon", "lat", "accuracy_m"})
"""A token of one page, and a position that may be what was refused."""
LONGEST_KEPT = 10_000
"""Of one field: ten times what any may hold, so that a text that is too long can be shortened."""


def refuse(draft: Draft, answers: Answers, question: str, form: FlaskForm) -> ResponseReturnValue:
    """Keep what a form holds with its faults, and lead back to its question."""
    sent = {
        name: [
            without_control_characters(value)[:LONGEST_KEPT] for value in request.form.getlist(name)
        ]
        for name in form.data
    }
    entered = {name: values for name, values in sent.items() if values and name not in NOT_KEPT}
    return refuse_with(draft, answers, Refused(question, entered, _errors(form)))


def _errors(form: FlaskForm) -> dict[str, list[str]]:
    return {name: [str(fault) for fault in faults] for name, faults in form.errors.items() if name}


@commits
def refuse_with(
    draft: Draft, answers: Answers, refused: Refused, **query: str
) -> ResponseReturnValue:
    """Keep a refusal, and lead back to its question; ``query`` is what its address asks besides."""
    document = replace(answers, refused=refused).to_document()
    drafts.save(g.session, draft, document, now=utc_now())
    values: dict[str, Any] = {"key": draft.key, **query}
    return redirect(url_for(f"report.{refused.question}", **values))


def refuse_choice(
    draft: Draft, answers: Answers, question: str, fault: str, **query: str
) -> ResponseReturnValue:
    """Keep one sentence on a page that is no form of fields."""
    entered = {name: [value] for name, value in query.items()}
    return refuse_with(draft, answers, Refused(question, entered, {"": [fault]}), **query)


def fault_at(answers: Answers, question: str) -> str:
    """The sentence of `refuse_choice`; empty where there is none."""
    return next(iter(answers.errors_at(question).get("", ())), "")


def _as_sent(entered: dict[str, list[str]]) -> MultiDict[str, str]:
    return MultiDict((name, value) for name, values in entered.items() for value in values)


def form_of(kind: type[F], answers: Answers, question: str, **before: object) -> F:
    """The form of a question: as it is sent, as it was refused, or as it was answered before."""
    refused = answers.refused
    if request.method == "POST" or refused is None or refused.question != question:
        sent: F = kind(**before)
        return sent
    form: F = kind(formdata=_as_sent(refused.entered))
    for name, faults in refused.errors.items():
        form[name].errors = faults
    return form
