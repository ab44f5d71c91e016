"""Updates of requests, as FixMyStreet asks for them and sends them."""

from datetime import datetime, timedelta

from flask import Response, request

from geodata.core.vocabulary import Scope
from geodata.incidents.report_updates import ReportUpdate, updates_between
from web.api.faults import FaultError
from web.api.open311 import sent
from web.api.open311.addresses import EITHER
from web.api.open311.blueprint import keyed, open311, reader
from web.api.open311.formats import Value, answer
from web.clock import utc_now
from web.database import close_session, read_session, store
from web.services.api import open311 as use_cases
from web.services.api.open311 import ToldUpdate
from web.services.exchange.open311_words import WORDS, status_of

LONGEST_STATUS, LONGEST_REFERENCE = 40, 100


@open311.get(f"/servicerequestupdates.{EITHER}")
def update_list(kind: str) -> Response:
    """What was recorded in a span of time, a day where none is given."""
    holder = reader()
    if holder is None:
        raise FaultError(403, "Updates take a key", "Send it as api_key.")
    first, last = sent.span(utc_now(), timedelta(days=1))
    updates = updates_between(
        read_session(), first, last, channel=use_cases.seen_channel(holder), limit=use_cases.MOST
    )
    return answer("service_request_updates", [_update(each) for each in updates])


@open311.post(f"/servicerequestupdates.{EITHER}")
def send_update(kind: str) -> Response:
    """What a reporter adds there. Who they are is not kept, and nothing is fetched."""
    holder, now = keyed(Scope.REPORTS_WRITE), utc_now()
    update = _sent_update(now)
    close_session()
    with store().writing() as session:
        number = use_cases.add_update(session, holder, update, now=now)
    content: Value = [{"update_id": str(number)}]
    return answer("service_request_updates", content)


def _update(update: ReportUpdate) -> dict[str, Value]:
    status = status_of(update)
    return {
        "update_id": f"{update.event_id}-{update.reference}",
        "service_request_id": update.reference,
        "status": status,
        "updated_datetime": update.recorded_at.replace(microsecond=0).isoformat(),
        "description": WORDS.get(status, ""),
    }


def _sent_update(now: datetime) -> ToldUpdate:
    form = request.form
    own = form.get("update_id") or form.get("update_id_ext") or ""
    reference = form.get("service_request_id", "").strip()
    missing = {"service_request_id": reference, "update_id": own, "status": form.get("status")}
    for name, value in missing.items():
        if not value:
            raise sent.refuse(name, "it is missing")
    if len(own) > LONGEST_REFERENCE or len(form["status"]) > LONGEST_STATUS:
        raise sent.refuse("update_id, status", "one of them is longer than any of ours")
    text = form.get("description", "").strip()[: use_cases.LONGEST_NOTE]
    return ToldUpdate(reference, own, form["status"], text, _written_at(now))


def _written_at(now: datetime) -> datetime:
    text = request.form.get("updated_datetime", "")
    try:
        return sent.read_moment(text) if text else now
    except ValueError:
        what = f"{text[:40]!r} is no moment such as 2026-11-01T09:30:00Z"
        raise sent.refuse("updated_datetime", what) from None
