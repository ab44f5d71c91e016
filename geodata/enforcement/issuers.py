"""Who may issue notices: by written authority, for one power, from a day to a day."""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from geodata.core.errors import NotFoundError, RefusedError
from geodata.core.vocabulary import IssuerKind, Power
from geodata.models import Authorisation, Issuer
from geodata.people.personal_data import found_in
from geodata.rules.days import date_in_words


def every(session: Session) -> list[Issuer]:
    """All issuers, by badge."""
    return list(session.scalars(select(Issuer).order_by(Issuer.badge)))


def find(session: Session, key: int) -> Issuer:
    """One issuer.

    Raises
    ------
    NotFoundError
        There is none of this key.
    """
    issuer = session.get(Issuer, key)
    if issuer is None:
        raise NotFoundError(f"there is no issuer {key}")
    return issuer


def of_user(session: Session, user_id: int) -> Issuer | None:
    """The issuer that a signed-in user is, if any."""
    return session.scalar(select(Issuer).where(Issuer.user_id == user_id))


def authorisations(session: Session, issuer_id: int) -> list[Authorisation]:
    """An issuer's authorities, newest first."""
    query = select(Authorisation).where(Authorisation.issuer_id == issuer_id)
    return list(
        session.scalars(query.order_by(Authorisation.valid_from.desc(), Authorisation.id.desc()))
    )


def powers_on(session: Session, issuer_id: int, day: date) -> frozenset[str]:
    """The powers that an issuer holds in writing on a day, both ends included."""
    query = select(Authorisation.power).where(
        Authorisation.issuer_id == issuer_id,
        Authorisation.valid_from <= day,
        or_(Authorisation.valid_to.is_(None), Authorisation.valid_to >= day),
    )
    return frozenset(session.scalars(query))


def authority_on(session: Session, issuer_id: int, power: str, day: date) -> Authorisation | None:
    """The authority under which an issuer holds a power on a day, the newest of several."""
    return next(
        (
            given
            for given in authorisations(session, issuer_id)
            if given.power == power
            and given.valid_from <= day
            and (given.valid_to is None or day <= given.valid_to)
        ),
        None,
    )


def add(
    session: Session, badge: str, kind: IssuerKind, employer: str, *, user_id: int | None = None
) -> Issuer:
    """A new issuer, under a badge.

    Raises
    ------
    RefusedError
        The badge is empty, taken or tells who it is, there is no employer, or the user is
        another issuer already.
    """
    badge, employer = badge.strip(), employer.strip()
    if not badge or not employer:
        raise RefusedError("the badge or the employer is empty: fill in both")
    if found_in(badge):
        raise RefusedError(f"the badge {badge!r} tells who it is: use a number such as CEO-07")
    if session.scalar(select(Issuer.id).where(Issuer.badge == badge)) is not None:
        raise RefusedError(f"there is an issuer {badge!r} already: choose another badge")
    if user_id is not None and of_user(session, user_id) is not None:
        raise RefusedError("this account belongs to another issuer already")
    issuer = Issuer(badge=badge, kind=kind.value, employer=employer, user_id=user_id)
    session.add(issuer)
    session.flush()
    return issuer


def assign(session: Session, badge: str, user_id: int) -> None:
    """Say which account an issuer signs in with.

    Raises
    ------
    NotFoundError
        There is no such badge.
    """
    issuer = session.scalar(select(Issuer).where(Issuer.badge == badge))
    if issuer is None:
        raise NotFoundError(f"there is no issuer {badge!r}")
    issuer.user_id = user_id
    session.flush()


def authorise(
    session: Session,
    issuer: Issuer,
    power: Power,
    instrument: str,
    *,
    valid_from: date,
    valid_to: date | None = None,
) -> Authorisation:
    """Give an issuer a power in writing.

    Raises
    ------
    RefusedError
        No instrument is named, or the days are reversed.
    """
    if not instrument.strip():
        raise RefusedError("the instrument is empty: name the written authority and its date")
    if valid_to is not None and valid_to < valid_from:
        raise RefusedError(
            f"{date_in_words(valid_to)} lies before the first day, {date_in_words(valid_from)}: "
            "exchange them"
        )
    given = Authorisation(
        issuer_id=issuer.id,
        power=power.value,
        instrument=instrument.strip(),
        valid_from=valid_from,
        valid_to=valid_to,
    )
    session.add(given)
    session.flush()
    return given


def find_authority(session: Session, issuer: Issuer, key: int) -> Authorisation:
    """One of an issuer's authorities.

    Raises
    ------
    NotFoundError
        The issuer has no such authority.
    """
    given = session.get(Authorisation, key)
    if given is None or given.issuer_id != issuer.id:
        raise NotFoundError(f"{issuer.badge} has no authority {key}")
    return given


def end(session: Session, issuer: Issuer, key: int, last_day: date) -> Authorisation:
    """Let an authority end on a day, its last.

    Raises
    ------
    NotFoundError
        The issuer has no such authority.
    RefusedError
        The day lies before its first, or after the end that it has.
    """
    given = find_authority(session, issuer, key)
    if last_day < given.valid_from:
        raise RefusedError(
            f"{date_in_words(last_day)} lies before its first day, "
            f"{date_in_words(given.valid_from)}"
        )
    if given.valid_to is not None and last_day > given.valid_to:
        raise RefusedError(
            f"it ends on {date_in_words(given.valid_to)} already: give a new authority instead"
        )
    given.valid_to = last_day
    session.flush()
    return given
