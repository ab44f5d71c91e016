"""The blueprint of the report, and how each page opens the draft and keeps what was answered."""

from dataclasses import replace

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geodata import reports
from geodata.reports import drafts
from geodata.reports.drafts import Draft
from web.clock import utc_now
from web.database import commits, read_session
from web.extensions import limiter
from web.services.reporting.answers import Answers
from web.services.reporting.crossing import passed_to

reporting = Blueprint("report", __name__, url_prefix="/report")
NEW_PER_ADDRESS = "300 per minute; 3000 per hour"
ANSWERS_PER_ADDRESS = "6000 per minute; 60000 per hour"
"""Many honest people may share one address: an office, a school, a mobile network. A report takes
up to a dozen answers, so what tells people from a flood is how many reports begin."""
PER_DRAFT = "40 per minute"


class DraftGoneError(Exception):
    """The draft of an address is not there; ``reference`` where it was sent."""

    def __init__(self, reference: str | None) -> None:
        super().__init__(reference)
        self.reference = reference


class DraftPassedOnError(Exception):
    """The draft of an address goes on at a council next door, at the address that it names."""


@reporting.errorhandler(DraftPassedOnError)
def draft_passed_on(error: DraftPassedOnError) -> ResponseReturnValue:
    return redirect(str(error))


@reporting.errorhandler(DraftGoneError)
def draft_gone(error: DraftGoneError) -> ResponseReturnValue:
    """Whoever comes back to a report that was sent sees its receipt."""
    if error.reference:
        return redirect(url_for("track.receipt", reference=error.reference))
    return render_template("public/report/gone.html"), 404


def draft_key() -> str:
    """What limits of one draft are counted by."""
    return f"draft {(request.view_args or {}).get('key', '')}"


def is_reading() -> bool:
    """Pages that are only looked at count for no limit."""
    return request.method != "POST"


limit_new = limiter.limit(NEW_PER_ADDRESS, exempt_when=is_reading)
limit_address = limiter.shared_limit(ANSWERS_PER_ADDRESS, scope="report", exempt_when=is_reading)
limit_draft = limiter.limit(PER_DRAFT, key_func=draft_key, exempt_when=is_reading)


def open_draft(key: str) -> tuple[Draft, Answers]:
    """The draft of an address.

    Raises
    ------
    DraftGoneError
        It was sent, or nobody touched it for a day.
    DraftPassedOnError
        It goes on elsewhere.
    """
    session = read_session()
    draft = drafts.find(session, key)
    if draft is None:
        sent = reports.by_idempotency_key(session, key)
        raise DraftGoneError(sent.reference if sent else None)
    if address_there := passed_to(draft):
        raise DraftPassedOnError(address_there)
    return draft, Answers.from_document(draft.answers)


@commits
def keep(draft: Draft, answers: Answers, question: str = "") -> ResponseReturnValue:
    """Store answers, and go on to a question: the one that is open, where none is named."""
    answers = replace(answers, refused=None)
    drafts.save(g.session, draft, answers.to_document(), now=utc_now())
    return redirect(address(draft.key, question or answers.next_question()))


def address(key: str, question: str) -> str:
    """The address of a question's page."""
    return url_for(f"report.{question}", key=key)


def back_address(key: str, answers: Answers, question: str) -> str:
    """The page before: the last one answered, or the first page of all."""
    before = answers.question_before(question)
    return url_for("report.start") if before is None else address(key, before)
