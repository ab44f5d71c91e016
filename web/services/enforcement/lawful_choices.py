"""Which routes are lawful for an act: what the law asks of it, as the store knows it."""

from datetime import datetime

from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import ActionKind
from geodata.enforcement import actions, issuers, orders
from geodata.rules.council import rulebook
from geodata.rules.days import local_day
from geodata.rules.enforcement.routes import Act, Route, lawful_routes
from geodata.rules.enforcement.warnings import Warned, counting_warning
from web.services.enforcement.act_drafts import ActDraft, Choice
from web.services.enforcement.same_acts import earlier_steps, refuse_far_tie


def routes_for(session: Session, draft: ActDraft, *, now: datetime) -> list[Route]:
    """Every route, open or refused with its reasons.

    Raises
    ------
    RefusedError
        The act lies in the future, or is tied to one of another place or time.
    """
    return lawful_routes(rulebook(session), act_of(session, draft, now=now))


def act_of(
    session: Session, draft: ActDraft, choice: Choice | None = None, *, now: datetime
) -> Act:
    """What the law asks of an act; of the route too, once one is chosen.

    Raises
    ------
    RefusedError
        The act or its notice lies in the future, or it is tied to one of another place or time.
    """
    if draft.offence_at > now:
        raise RefusedError("the act lies in the future: check the date and the time")
    if draft.issued_on > local_day(now):
        raise RefusedError("the notice lies in the future: check its date")
    refuse_far_tie(session, draft)
    day = local_day(draft.offence_at)
    seen = orders.seen_from(session, draft.where.point, day)
    warning = warning_before(session, draft)
    return Act(
        offence_at=draft.offence_at,
        issued_on=draft.issued_on,
        age_band=draft.age_band,
        authorised=issuers.powers_on(session, draft.issuer_id, draft.issued_on),
        orders=tuple(there.facts for there in seen),
        prohibition=choice.prohibition if choice else None,
        accuracy_m=draft.where.accuracy_m,
        from_vehicle=draft.from_vehicle,
        over_a_sack=draft.over_a_sack,
        earlier=earlier_steps(session, draft),
        conduct=draft.conduct or None,
        has_cpw=isinstance(warning, Warned),
        warning_fault="" if isinstance(warning, Warned) else warning,
        has_cpn=breached_notice(session, draft) is not None,
        given_on=choice.given_on if choice else None,
        is_unserved=choice.is_unserved if choice else False,
        offence=draft.offence or None,
    )


def warning_before(session: Session, draft: ActDraft) -> Warned | str:
    """The warning that a notice to this person would follow, or why there is none."""
    ref = draft.recipient_ref
    given = actions.warnings(session, ref, draft.issued_on) if ref else []
    return counting_warning(rulebook(session), given, draft.conduct or None, draft.issued_on)


def breached_notice(session: Session, draft: ActDraft) -> Warned | None:
    """The newest notice (CPN) to this person for this conduct, given by the day of the act."""
    if not draft.recipient_ref or not draft.conduct:
        return None
    day = local_day(draft.offence_at)
    given = actions.warnings(session, draft.recipient_ref, day, ActionKind.CPN)
    return next((each for each in given if each.conduct == draft.conduct), None)
