"""What officers asked to hear of, told by mail or in a channel of their team, once each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from shapely.geometry import Point
from sqlalchemy.orm import Session

from geodata import detections, places
from geodata.accounts.account import Account
from geodata.core.errors import NotFoundError, RefusedError
from geodata.core.vocabulary import CHANNELS, AlertKind
from geodata.incidents import overdue
from geodata.people import alert_rules, outbox, systems
from geodata.people.alert_rules import Rule
from geodata.rules.days import local_day
from web.services.alerts.notifications import job_of
from web.services.exchange import channel_posts
from web.services.exchange.channel_posts import Post
from web.services.mail import letters
from web.services.mail.letters import Sender

if TYPE_CHECKING:
    from geodata.models import Hotspot, HotspotIdentity, Incident

KIND = "officer_alert"
MOST_LINES = 20


def add(
    session: Session,
    account: Account,
    what: AlertKind,
    *,
    ward_id: int | None,
    system_id: int | None,
    now: datetime,
) -> None:
    """Add a rule of an officer's own.

    Raises
    ------
    RefusedError
        It would be told nowhere: the account has no mail address, or there is no such channel.
    """
    channels = {each.id for each in systems.of_kinds(session, *CHANNELS)}
    if system_id is not None and system_id not in channels:
        raise RefusedError("there is no such channel: choose one from the list")
    if system_id is None and not account.email:
        raise RefusedError(
            "your account has no email address: ask the person who manages accounts to enter it, "
            "or choose a channel"
        )
    if ward_id is not None and not places.by_ids(session, [ward_id]):
        raise RefusedError("there is no such ward: choose one from the list")
    alert_rules.add(session, account.id, what, ward_id=ward_id, system_id=system_id, now=now)


def remove(session: Session, account: Account, key: int) -> None:
    """Delete a rule of an officer's own.

    Raises
    ------
    NotFoundError
        They have no such rule.
    """
    if not alert_rules.remove(session, account.id, key):
        raise NotFoundError("You have no such alert: it may have been removed before")


def tell_of_new_hotspots(session: Session, sender: Sender, run_id: int, *, now: datetime) -> int:
    """Tell of what a run flagged that no run before it had; how many messages.

    The first run of a store finds everything anew, which is no news.
    """
    rules = alert_rules.every(session, AlertKind.NEW_HOTSPOT)
    run = detections.find_run(session, run_id)
    if not rules or detections.run_before(session, run) is None:
        return 0
    new = [pair for pair in detections.hotspots_of(session, run_id) if _is_new(session, *pair)]
    day, messages = local_day(now), 0
    for rule in rules:
        lines = [
            f"{identity.name} ({identity.code}): {hotspot.reason}"
            for hotspot, identity in new
            if _is_in(session, rule, Point(hotspot.centre_x, hotspot.centre_y), day)
        ]
        post = Post(_heading(len(lines), "new hotspot", rule), lines, _page(sender, "/officer"))
        messages += bool(lines) and _tell(session, sender, rule, f"hotspots:{run_id}", post, now)
    return messages


def tell_of_overdue(session: Session, sender: Sender, *, now: datetime) -> int:
    """Tell of what is overdue, once a day; nothing where nothing is."""
    rules = alert_rules.every(session, AlertKind.OVERDUE)
    if not rules:
        return 0
    late, messages = overdue.overdue(session, now=now), 0
    for rule in rules:
        lines = [_line(session, each) for each in late if _has_ward(rule, each)]
        post = Post(_heading(len(lines), "overdue job", rule), lines, _page(sender, "/contractor"))
        key = f"overdue:{local_day(now)}"
        messages += bool(lines) and _tell(session, sender, rule, key, post, now)
    return messages


def _line(session: Session, incident: Incident) -> str:
    """A job in one line: reference, place, due time and hazards, and nobody's name."""
    return job_of(session, incident).line


def _is_new(session: Session, hotspot: Hotspot, identity: HotspotIdentity) -> bool:
    return len(detections.history_of(session, identity.id)) == 1


def _is_in(session: Session, rule: Rule, centre: Point, day: date) -> bool:
    if rule.ward_id is None:
        return True
    ward = places.ward_at(session, centre, day)
    return ward is not None and ward.id == rule.ward_id


def _has_ward(rule: Rule, incident: Incident) -> bool:
    return rule.ward_id is None or incident.ward_id == rule.ward_id


def _heading(n: int, what: str, rule: Rule) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}{f' in {rule.ward}' if rule.ward else ''}"


def _page(sender: Sender, path: str) -> str:
    return f"{sender.base_url}{path}" if sender.base_url else ""


def _tell(
    session: Session, sender: Sender, rule: Rule, key: str, post: Post, now: datetime
) -> bool:
    post = _shortened(post)
    if rule.system_id is not None:
        channel = systems.get(session, rule.system_id)
        # By channel and ward, not by rule: two officers' wish for the same is one message.
        key = f"{key}:{rule.ward_id or 'all'}"
        return channel_posts.queue(session, channel, key, post, now=now)
    if not rule.email:
        return False
    words = letters.alert(sender, post.heading, post.sentences)
    return outbox.queue(
        session,
        f"alert:{rule.id}:{key}",
        kind=KIND,
        recipient=rule.email,
        subject=words.subject,
        body=words.body,
        now=now,
    )


def _shortened(post: Post) -> Post:
    lines: Sequence[str] = post.sentences
    if len(lines) <= MOST_LINES:
        return post
    more = f"and {len(lines) - MOST_LINES} more"
    return Post(post.heading, [*lines[:MOST_LINES], more], post.address)
