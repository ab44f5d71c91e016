"""Following a ward by mail: asked for, confirmed by a link, told of what is released, stopped.

A mail says only what the public's figures say, which are released once and hold no small counts.
A spot is looked up once to find its ward, and not kept: figures of a street are never published.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from geodata import places
from geodata.core.errors import RefusedError
from geodata.people import followers, outbox
from geodata.people.followers import Following
from geodata.rules.days import local_day
from web.services.mail import follower_letters
from web.services.mail.follower_letters import Released
from web.services.mail.letters import Sender, Words
from web.services.publishing.public_figures import PublicFigures, published
from web.services.reporting import quick_reports

KIND = "follower"
MOST_WAITING = 5
"""Wards that one address may have asked for without confirming: nobody is flooded with mails."""
BATCH = 200


@dataclass(frozen=True)
class Ward:
    """A ward that may be followed."""

    id: int
    name: str


def ward_of_spot(session: Session, words: str, *, now: datetime) -> Ward:
    """The ward in which the one place lies that words mean.

    Raises
    ------
    RefusedError
        They mean none in the borough, or several.
    """
    matches = quick_reports.look_up(session, words, now=now)
    spots = [quick_reports.found_spot(match).point for match in matches]
    wards = {
        ward.id: Ward(ward.id, ward.name)
        for spot in spots
        if (ward := places.ward_at(session, spot, local_day(now))) is not None
    }
    if not wards:
        raise RefusedError(f"we know no place {words[:60]!r} here: try a street or a postcode")
    if len(wards) > 1:
        names = ", ".join(sorted(ward.name for ward in wards.values()))
        raise RefusedError(f"{words[:60]!r} may lie in {names}: choose one of them from the list")
    return next(iter(wards.values()))


def ask(session: Session, sender: Sender, email: str, ward_id: int, *, now: datetime) -> None:
    """Send the link by which an address is confirmed, once a day at most.

    Whoever asks learns nothing of who follows: the answer is always the same.
    """
    if followers.waiting(session, email) >= MOST_WAITING:
        return
    following = followers.add(session, email, ward_id, newest_release=_newest(session), now=now)
    words = follower_letters.please_confirm(sender, following.ward, following.token)
    _queue(session, following, f"confirm:{local_day(now)}", words, now)


def confirm(session: Session, token: str, *, now: datetime) -> Following | None:
    """Begin, or go on for two years; None where the link is over."""
    following = followers.by_token(session, token)
    if following is not None:
        followers.confirm(session, following.id, newest_release=_newest(session), now=now)
    return following


def stop(session: Session, token: str) -> Following | None:
    """Forget an address at once; None where it was forgotten before."""
    following = followers.by_token(session, token)
    if following is not None:
        followers.remove(session, following.id)
    return following


def to_tell(session: Session) -> list[Following]:
    """Followers who were not told of the newest release; cheap, and holds no lock."""
    return followers.to_tell(session, _newest(session), limit=BATCH)


def tell(session: Session, sender: Sender, *, now: datetime) -> int:
    """Queue what was released since each follower was told last; how many mails."""
    figures = published(session)
    newest = _name(figures)
    queued = 0
    for following in followers.to_tell(session, newest, limit=BATCH):
        released = _released(figures, following)
        if released is not None:
            words = follower_letters.released(sender, following, released)
            queued += _queue(session, following, f"release:{newest}", words, now)
        followers.note_told(session, following.id, newest)
    return queued


def _newest(session: Session) -> str:
    return _name(published(session))


def _name(figures: PublicFigures) -> str:
    """The newest month and year, such as "2026-10 2025"."""
    month = figures.months[-1].name if figures.months else "none"
    year = figures.years[-1].name if figures.years else "none"
    return f"{month} {year}"


def _released(figures: PublicFigures, following: Following) -> Released | None:
    """What is newer than what a follower was told; None where nothing is."""
    month, year = following.newest_release.split()
    new_month = figures.months[-1] if figures.months and figures.months[-1].name != month else None
    new_year = figures.years[-1] if figures.years and figures.years[-1].name != year else None
    wards = new_year.wards if new_year else []
    ward = next((each for each in wards if each.name == following.ward), None)
    if new_month is None and ward is None:
        return None
    return Released(new_month, new_year.name if new_year else "", ward)


def _queue(session: Session, following: Following, what: str, words: Words, now: datetime) -> bool:
    return outbox.queue(
        session,
        followers.mail_key(following.id, what),
        kind=KIND,
        recipient=following.email,
        subject=words.subject,
        body=words.body,
        stop_address=words.stop_address,
        now=now,
    )
