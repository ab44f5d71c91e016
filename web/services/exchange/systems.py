"""Systems that this site calls: entered, switched off and told again, each time in the audit."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from geodata.clearances.contracts import firms_of
from geodata.core.errors import RefusedError
from geodata.core.vocabulary import SystemKind
from geodata.incidents import incident_events
from geodata.people import audit, outbox, systems
from geodata.people.audit import Actor
from geodata.people.systems import System
from geodata.rules.days import local_day
from geodata.store import settings
from web.services.common.outgoing import host_of
from web.services.common.public_addresses import check_url
from web.services.common.webhook_signature import is_secret, new_secret
from web.services.exchange import channel_posts, job_pushes

ENTITY = "remote_system"
LAST_PUSHED = "last_event_pushed"
FED_BY_EVENTS = (SystemKind.JOBS, SystemKind.OPEN311)


@dataclass(frozen=True)
class SystemTerms:
    """A system as it is entered; see ``geodata.people.systems.System``."""

    name: str
    kind: SystemKind
    url: str
    secret: str = ""
    contractor: str | None = None
    terms: Mapping[str, Any] = field(default_factory=dict)


def add(
    session: Session, actor: Actor, details: SystemTerms, *, private_hosts: Collection[str]
) -> System:
    """A new system, switched on. Of jobs it gets a secret where none was entered.

    Raises
    ------
    RefusedError
        Its address may not be called, its secret is too weak, or it is of no contract.
    """
    _check(session, details, actor.now, private_hosts)
    if details.kind in FED_BY_EVENTS and not systems.of_kinds(session, *FED_BY_EVENTS):
        settings.write(session, LAST_PUSHED, incident_events.latest_id(session))
    made = systems.add(
        session,
        details.name,
        details.kind,
        url=details.url.strip(),
        secret=details.secret or (new_secret() if details.kind == SystemKind.JOBS else ""),
        contractor=details.contractor if details.kind == SystemKind.JOBS else None,
        terms=details.terms,
        user_id=actor.user_id,
        now=actor.now,
    )
    audit.write(session, actor, "create", ENTITY, made.id, after=_record(made))
    return made


def switch(session: Session, actor: Actor, key: int, *, is_on: bool) -> System:
    """Switch a system on or off; what waits for one that is off is kept for it.

    Raises
    ------
    NotFoundError
        There is none of this number.
    """
    system = systems.get(session, key)
    if system.is_on != is_on:
        systems.change(session, key, switched_off_at=None if is_on else actor.now, next_try_at=None)
        act = "switch_on" if is_on else "switch_off"
        audit.write(session, actor, act, ENTITY, key, before=_record(system))
    return system


def send_again(session: Session, actor: Actor, key: int, message_id: int) -> System:
    """Send one push again, under the same key by which the other side knows it.

    Raises
    ------
    RefusedError
        Its text is not kept any more.
    NotFoundError
        There is no such system.
    """
    system = systems.get(session, key)
    if not outbox.send_again(session, message_id, key, now=actor.now):
        raise RefusedError(
            f"push {message_id} of {system.name} is not kept any more: thirty days after it went "
            "out only that it did is kept"
        )
    systems.change(session, key, next_try_at=None)
    audit.write(session, actor, "replay", ENTITY, key, after={"message": message_id})
    return system


def send_given_up_again(session: Session, actor: Actor, key: int) -> int:
    """Send every push again that was given up and whose text is kept; how many.

    Raises
    ------
    NotFoundError
        There is no such system.
    """
    systems.get(session, key)
    count = outbox.send_given_up_again(session, key, now=actor.now)
    if count:
        systems.change(session, key, next_try_at=None)
        audit.write(session, actor, "replay_given_up", ENTITY, key, after={"pushes": count})
    return count


def try_now(session: Session, actor: Actor, key: int) -> System:
    """Let what waits for a system go out with the next tick, however often it failed.

    Raises
    ------
    NotFoundError
        There is no such system.
    RefusedError
        It is switched off.
    """
    system = systems.get(session, key)
    if not system.is_on:
        raise RefusedError(f"{system.name} is switched off: switch it on, and what waits goes out")
    systems.change(session, key, next_try_at=None)
    outbox.make_due(session, key, now=actor.now)
    audit.write(session, actor, "try_now", ENTITY, key)
    return system


def send_test(session: Session, actor: Actor, key: int) -> System:
    """Queue a message that says no more than that it arrived.

    Raises
    ------
    NotFoundError
        There is no such system.
    RefusedError
        Nothing is pushed to such a system.
    """
    system = systems.get(session, key)
    systems.change(session, key, next_try_at=None)
    if system.kind == SystemKind.JOBS:
        job_pushes.queue_test(session, system, now=actor.now)
    elif system.kind in (SystemKind.TEAMS, SystemKind.SLACK):
        post = channel_posts.Post("A test", ("This channel hears of dumped canisters now.",))
        channel_posts.queue(session, system, f"test:{actor.now:%Y%m%d%H%M%S}", post, now=actor.now)
    else:
        raise RefusedError(f"{system.name} is asked, and no test is pushed to it")
    return system


def _check(
    session: Session, details: SystemTerms, now: datetime, private_hosts: Collection[str]
) -> None:
    check_url(details.url, private_hosts)
    check_secret(details.kind, details.secret)
    if details.kind != SystemKind.JOBS:
        return
    firms = firms_of(session, local_day(now))
    if firms and details.contractor not in firms:
        raise RefusedError(
            f"{details.contractor or 'nobody'} holds no contract today: choose one of "
            f"{', '.join(sorted(firms))}"
        )


def check_secret(kind: str, secret: str) -> None:
    """Refuse a secret that was copied wrong or, of jobs, is too weak to sign by; none is fine.

    Raises
    ------
    RefusedError
        It is one of these.
    """
    if any(not " " <= char <= "~" for char in secret):
        raise RefusedError("the key or secret has a character that no such key has: copy it whole")
    if kind == SystemKind.JOBS and secret and not is_secret(secret):
        raise RefusedError(
            "the secret is too weak: leave it empty to have one made, or give 24 bytes or more in "
            "base64, as whsec_…"
        )


def _record(system: System) -> dict[str, object]:
    """For the audit: neither the secret nor the address, which is one of a channel."""
    return {
        "name": system.name,
        "kind": system.kind,
        "host": host_of(system.url),
        "contractor": system.contractor,
    }
