"""Sending what waits in the outbox for other systems, one push a transaction.

A system that does not take one is left alone for the rest of the round, and the push waits longer
each time, five days in all. Then it is given up, which the page "Background work" says. A system
that does not answer, or that it cannot, is left alone longer each time, with all that waits for it.
"""

import json
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import SystemKind
from geodata.people import outbox, systems
from geodata.people.outbox import Letter
from geodata.people.systems import System
from geodata.store.engine import Store
from web.services.common import outgoing
from web.services.common.outgoing import Answer, Call, NoAnswerError
from web.services.common.webhook_signature import signed_headers

BATCH = 200
ROUND_S = 240.0
"""A round ends after so long, well within the tick's lease; what is left is sent by the next."""
MOST_BYTES = 100_000
GONE = 410
OF_THE_SYSTEM = frozenset({401, 403, 404, 408, GONE, 429})
"""Answers that any other push would get too, as those from 500 on; the rest are about this one."""
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@dataclass
class PushReport:
    """What became of the pushes that were due; ``problems`` name each system that failed, once."""

    sent: int = 0
    failed: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Fault:
    """Why a push was not taken; ``problem`` is empty where it was.

    Attributes
    ----------
    is_down
        The system would take no other push either.
    is_final
        It never will take this one.
    """

    problem: str
    is_down: bool
    is_final: bool = False


def send_due(
    store: Store, private_hosts: Collection[str], *, clock: Callable[[], datetime]
) -> PushReport:
    """Send every push whose time has come.

    Each is claimed, sent and marked in transactions of its own: nothing is locked while another
    system thinks, and two workers never send the same at once.
    """
    with store.reading() as session:
        due = outbox.due_pushes(session, now=clock(), limit=BATCH)
    report, failed, ends_at = PushReport(), set[int](), time.monotonic() + ROUND_S
    for message_id, system_id in due:
        if system_id not in failed and time.monotonic() < ends_at:
            problem = _send(store, message_id, system_id, private_hosts, clock)
            if problem is None:
                report.sent += 1
            elif problem:
                failed.add(system_id)
                report.failed += 1
                report.problems.append(problem)
    return report


def _send(
    store: Store,
    message_id: int,
    system_id: int,
    private_hosts: Collection[str],
    clock: Callable[[], datetime],
) -> str | None:
    """Send one; None where it was taken, "" where another worker has it, else why not."""
    with store.writing() as session:
        system = systems.get(session, system_id)
        letter = outbox.claim(session, message_id, now=clock())
    if letter is None:
        return ""
    try:
        answer = outgoing.to_system(
            call_of(system, letter, clock()), private_hosts, most_bytes=MOST_BYTES
        )
        fault = Fault(fault_of(answer), _is_down(answer), is_final=answer.status == GONE)
    except (RefusedError, NoAnswerError) as error:
        fault = Fault(str(error), is_down=True)
    with store.writing() as session:
        _note(session, message_id, system_id, fault, clock())
    return f"{system.name}: {fault.problem}" if fault.problem else None


def _note(session: Session, message_id: int, system_id: int, fault: Fault, now: datetime) -> None:
    if not fault.problem:
        outbox.mark_sent(session, message_id, now=now)
        systems.note_taken(session, system_id, now=now)
        return
    outbox.mark_failed(session, message_id, fault.problem, now=now, is_final=fault.is_final)
    if fault.is_down:
        until = systems.note_failure(session, system_id, fault.problem, now=now, waits=outbox.WAITS)
        outbox.wait_with(session, system_id, fault.problem, until=until, now=now)


def _is_down(answer: Answer) -> bool:
    return answer.status >= 500 or answer.status in OF_THE_SYSTEM or bool(answer.moved_to)


def call_of(system: System, letter: Letter, now: datetime) -> Call:
    """The request of a push: the same key and words each time it is tried."""
    if system.kind == SystemKind.OPEN311:
        return _update_call(system, letter)
    body = letter.body.encode()
    headers = {"Content-Type": JSON}
    if system.kind == SystemKind.JOBS:
        headers |= signed_headers(system.signing_secrets(now), message_name(letter.key), now, body)
    return Call(system.url, "POST", headers, body)


def message_name(key: str) -> str:
    """By which the other side knows a push that it was sent before."""
    return f"msg_{sha256(key.encode()).hexdigest()[:32]}"


def _update_call(system: System, letter: Letter) -> Call:
    fields = json.loads(letter.body)
    if system.secret:
        fields["api_key"] = system.secret
    if jurisdiction := system.terms.get("jurisdiction"):
        fields["jurisdiction_id"] = jurisdiction
    url = f"{system.url.rstrip('/')}/servicerequestupdates.json"
    return Call(url, "POST", {"Content-Type": FORM}, urlencode(fields).encode())


def fault_of(answer: Answer) -> str:
    """Why an answer does not say that a push was taken; empty where it does. Never its words."""
    if answer.is_right:
        return ""
    if answer.moved_to:
        return f"it answers {answer.status} and sends on to another address: enter that one"
    if answer.status == GONE:
        return "it answers 410: it wants no such messages any more"
    if answer.status in (401, 403):
        return f"it answers {answer.status}: it does not take our secret or key"
    return f"it answers {answer.status}"
