"""Services, and requests in and out."""

from datetime import datetime, timedelta

from flask import Response, request

from geodata.accounts.api_keys import Holder
from geodata.core.geography import to_lonlat
from geodata.core.vocabulary import Scope, Source, band_of
from geodata.incidents.report_updates import FollowedReport, reports_of
from web.api.faults import FaultError
from web.api.open311 import sent, service
from web.api.open311.blueprint import keyed, open311, reader
from web.api.open311.formats import Value, answer
from web.api.sent_pictures import clean_all
from web.clock import utc_now
from web.council import council_name
from web.database import close_session, read_session, store
from web.services.api import open311 as use_cases
from web.services.exchange.open311_words import CHANNEL
from web.services.reporting import sending
from web.services.reporting.intake import NewReport

EITHER = "<any(xml, json):kind>"


@open311.get(f"/services.{EITHER}")
def services(kind: str) -> Response:
    """What may be asked for."""
    reader()
    return answer("services", [service.listed()])


@open311.get(f"/services/<code>.{EITHER}")
def service_definition(code: str, kind: str) -> Response:
    """The attributes of a service."""
    reader()
    _refuse_other(code)
    if kind == "json":
        return answer("", {"service_code": code, "attributes": service.attributes()})
    content: Value = {"service_code": code, "attributes": service.attributes()}
    return answer("service_definition", content)


@open311.post(f"/requests.{EITHER}")
def send_request(kind: str) -> Response:
    """A report of another system. What ``media_url`` names is not fetched."""
    holder, now = keyed(Scope.REPORTS_WRITE), utc_now()
    sent.check_service()
    spot, facts, words = sent.sent_spot(now), sent.sent_facts(), sent.sent_words()
    key = sending.key_of(holder, sent.same_request_key(now))
    pictures = clean_all()
    new = NewReport(
        position=spot.point,
        accuracy_m=spot.accuracy_m,
        source=Source.PUBLIC.value,
        channel=CHANNEL,
        reported_at=now,
        description=words or None,
        idempotency_key=key,
        **facts,  # type: ignore[arg-type]  # read by their names
    )
    close_session()
    with store().writing() as session:
        taken = sending.send(session, spot, new, pictures, now=now)
    notice = "Thank you. Follow it by this number on the council’s page."
    content: Value = [{"service_request_id": taken.reference, "service_notice": notice}]
    return answer("service_requests", content)


@open311.get(f"/requests.{EITHER}")
def request_list(kind: str) -> Response:
    """Requests by number for anybody; a list takes a key. At most 90 days and 1,000 rows."""
    holder, now = reader(), utc_now()
    references = sent.sent_references(request.args.getlist("service_request_id"))
    if holder is None and not references:
        raise FaultError(
            403,
            "A list takes a key",
            "Send api_key, or service_request_id with the numbers of requests.",
        )
    first, last = (None, None) if references else sent.span(now, timedelta(days=90))
    followed = reports_of(
        read_session(),
        references=references,
        first=first,
        last=last,
        is_open=_wanted_state(),
        channel=use_cases.seen_channel(holder) if holder and not references else None,
        limit=use_cases.MOST,
    )
    return answer("service_requests", [_request(each, holder) for each in followed])


@open311.get(f"/requests/<reference>.{EITHER}")
def one_request(reference: str, kind: str) -> Response:
    """One request."""
    holder = reader()
    followed = reports_of(read_session(), references=[reference.upper()[:20]], limit=1)
    if not followed:
        raise sent.refuse("service_request_id", f"there is no request {reference[:40]!r}", 404)
    return answer("service_requests", [_request(followed[0], holder)])


@open311.get(f"/tokens/<token>.{EITHER}")
def token_of(token: str, kind: str) -> Response:
    """Numbers are given at once here: a token is the number itself."""
    reader()
    if not reports_of(read_session(), references=[token.upper()[:20]], limit=1):
        raise sent.refuse("token", f"there is no token {token[:40]!r}", 404)
    content: Value = [{"token": token, "service_request_id": token.upper()}]
    return answer("service_requests", content)


def _refuse_other(code: str) -> None:
    if code != service.CODE:
        raise sent.refuse("service_code", f"{code[:40]!r} is no service: {service.CODE} is", 404)


def _wanted_state() -> bool | None:
    wanted = set(filter(None, request.args.get("status", "").lower().split(",")))
    if wanted - {"open", "closed"}:
        raise sent.refuse("status", "send open, closed, or both with a comma")
    return None if len(wanted) != 1 else "open" in wanted


def _request(followed: FollowedReport, holder: Holder | None) -> dict[str, Value]:
    """A request; where it is and what lies there is for keys alone."""
    report, is_closed = followed.report, use_cases.is_closed(followed)
    values: dict[str, Value] = {
        "service_request_id": report.reference,
        "status": "closed" if is_closed else "open",
        "service_name": service.NAME,
        "service_code": service.CODE,
        "agency_responsible": council_name(),
        "requested_datetime": _instant(report.reported_at),
        "updated_datetime": _instant(_changed_at(followed)),
    }
    due_at = followed.incident and not is_closed and followed.incident.due_at
    if due_at:
        values["expected_datetime"] = _instant(due_at)
    if holder is not None:
        lon, lat = to_lonlat(report.geometry.x, report.geometry.y)
        values |= {"lat": round(float(lat), 6), "long": round(float(lon), 6)}
        values["description"] = _in_words(report.chargers, report.cylinders)
    return values


def _changed_at(followed: FollowedReport) -> datetime:
    incident = followed.incident
    return (incident and incident.closed_at) or followed.report.reported_at


def _in_words(chargers: int | None, cylinders: int | None) -> str:
    """What lies there: never what somebody wrote."""
    small = "" if chargers is None else service.BAND_WORDS[band_of(chargers)].lower()
    parts = [f"small chargers: {small}"] * bool(small)
    parts += [f"large cylinders: {cylinders}"] * (cylinders is not None)
    return "; ".join(["Dumped nitrous oxide canisters", *parts])


def _instant(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat()
