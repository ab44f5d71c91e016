"""The demo's enforcement besides its penalty notices: every road that a case can take, once.

All is made up. Days are counted back from today, so that there is always a notice about to run out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from shapely.geometry import Point
from sqlalchemy.orm import Session

from geodata.core.vocabulary import (
    ActionKind,
    AgeBand,
    CctvOutcome,
    Conduct,
    NoticeState,
    PickUp,
    Recording,
)
from geodata.demo import MARK, NOTE
from geodata.demo.borough import place_points
from geodata.models import (
    ActionEvent,
    ActionEvidence,
    CctvRequest,
    EnforcementAction,
    Issuer,
    RuleRow,
)
from geodata.rules.days import LONDON

S = NoticeState
AMOUNT_PENCE, EARLY_PENCE, EARLY_DAYS = 10_000, 6_500, 14
AMOUNTS_FROM = date(2019, 4, 1)
DECISION = "Cabinet decision CAB/19/12 (synthetic)"
APPEALED = ((S.REPRESENTATION, 10), (S.REJECTED, 40), (S.APPEAL, 55))
INCREASED = ((S.INCREASED, 35), (S.ENFORCEMENT_NOTICE, 50))
KEEPERS: tuple[tuple[int, tuple[tuple[NoticeState, int], ...]], ...] = (
    (10, ()),
    (60, ((S.PAID_DISCOUNT, 5),)),
    (80, ((S.PAID_FULL, 20),)),
    (30, ((S.REPRESENTATION, 12),)),
    (50, ((S.DISREGARDED, 35),)),
    (820, ((S.REPRESENTATION, 10), (S.CANCELLED, 40))),
    (70, ((S.REPRESENTATION, 15), (S.REJECTED, 55))),
    (75, APPEALED),
    (160, (*APPEALED[:2], (S.INCREASED, 75), (S.APPEAL_LATE, 100))),
    (850, (*APPEALED, (S.APPEAL_ALLOWED, 110))),
    (140, (*APPEALED, (S.APPEAL_DISMISSED, 125))),
    (150, (*APPEALED, (S.APPEAL_DIRECTED, 130))),
    (65, INCREASED[:1]),
    (110, INCREASED),
    (230, (*INCREASED, (S.CIVIL_DEBT, 120))),
    (300, (*INCREASED, (S.WRITTEN_OFF, 200))),
    (900, ((S.VOID, 3),)),
)
"""How many days ago each notice was given, and what followed how many days after."""
WARNINGS, FOLLOWED, OPEN_WARNINGS = 20, 3, 4
"""As the paper of 2019 has it: 85 % of warnings are followed by no notice."""
RUNS_OUT_IN_DAYS = 9


@dataclass(frozen=True)
class Case:
    """An act and what was done about it."""

    kind: ActionKind
    on: date
    hour: int
    place: str
    offence: str | None = None
    is_paid_for: bool = False
    given_after: int | None = None
    steps: tuple[tuple[NoticeState, int], ...] = ()
    conduct: Conduct | None = None
    person: str | None = None
    earlier_id: int | None = None
    begins: NoticeState = S.ISSUED


def save_rules(session: Session) -> None:
    """The council's own decisions that the notices rest on."""
    rows: list[tuple[str, dict[str, object]]] = [
        (
            "council_amount",
            {
                "action": kind,
                "amount_pence": AMOUNT_PENCE,
                "discount_pence": EARLY_PENCE,
                "discount_days": EARLY_DAYS,
                "decision": DECISION,
            },
        )
        for kind in ("litter_fpn", "pspo_fpn")
    ]
    standing = {"code": "warning_standing", "length": [6], "unit": "months"}
    rows.append(("periods", {**standing, "counted": "corresponding"}))
    rows.append(
        (
            "payment_details",
            {
                "payee": "The Director of Finance (synthetic)",
                "address": "Civic Centre, Dartford",
                "methods": "by card on the council's site, or by post",
                "representations_to": "notices@example.org",
            },
        )
    )
    for table, values in rows:
        session.add(
            RuleRow(
                table_name=table,
                valid_from=AMOUNTS_FROM,
                values=values,
                source=f"{DECISION}. {NOTE}",
                is_verified=True,
                created_at=datetime.combine(AMOUNTS_FROM, time(12), UTC),
            )
        )
    session.flush()


def save_cases(session: Session, issuer: Issuer, today: date) -> None:
    """Keeper's penalties in every state, warnings and notices, a caution, one about to run out."""
    for ago, steps in KEEPERS:
        _save(session, issuer, today, _keeper(today - timedelta(days=ago), steps))
    _save(session, issuer, today, _not_given(today - timedelta(days=12)))
    _warnings(session, issuer, today)
    caution = Case(ActionKind.CAUTION, today - timedelta(days=260), 23, "Westgate car park")
    _save(session, issuer, today, caution)
    _almost_over(session, issuer, today)


def _keeper(given_on: date, steps: tuple[tuple[NoticeState, int], ...]) -> Case:
    return Case(
        ActionKind.KEEPER_PENALTY,
        given_on - timedelta(days=6),
        22,
        "Westgate car park",
        offence="si2018_171",
        is_paid_for=True,
        given_after=6,
        steps=steps,
    )


def _not_given(on: date) -> Case:
    """A keeper's notice that is written, and waits to be given."""
    return Case(
        ActionKind.KEEPER_PENALTY,
        on,
        22,
        "Westgate car park",
        offence="si2018_171",
        is_paid_for=True,
        begins=S.DRAFT,
    )


def _warnings(session: Session, issuer: Issuer, today: date) -> None:
    conducts = list(Conduct)
    for n in range(WARNINGS + OPEN_WARNINGS):
        is_open = n >= WARNINGS
        on = today - timedelta(days=20 + 9 * n if not is_open else 12 * (n - WARNINGS) + 5)
        on = on if is_open else on - timedelta(days=200)
        conduct, person = conducts[n % len(conducts)], f"SYN-P{n:02}"
        warned = Case(ActionKind.CPW, on, 20, "Central Park", conduct=conduct, person=person)
        warning = _save(session, issuer, today, warned)
        if n < FOLLOWED:
            notice = Case(
                ActionKind.CPN,
                on + timedelta(days=40),
                21,
                "Central Park",
                conduct=conduct,
                person=person,
                earlier_id=warning.id,
            )
            _save(session, issuer, today, notice)


def _almost_over(session: Session, issuer: Issuer, today: date) -> None:
    """A notice whose six months to prosecute are nearly over, with its evidence and its footage."""
    on = today - timedelta(days=182 - RUNS_OUT_IN_DAYS)
    case = Case(
        ActionKind.LITTER_FPN,
        on,
        23,
        "High Street",
        offence="epa1990_s87",
        is_paid_for=True,
        steps=((S.UNPAID, 16), (S.REMINDER, 30)),
    )
    action = _save(session, issuer, today, case)
    session.add(
        ActionEvidence(
            action_id=action.id,
            grounds="Seen from 5 m by the officer on duty: twelve chargers dropped beside a bin.",
            pick_up=PickUp.GIVEN.value,
            recording=Recording.BODY_WORN.value,
            recording_ref="BW-SYN-1",
            weed_on=today + timedelta(days=20),
            recorded_at=action.offence_at,
        )
    )
    session.add(
        CctvRequest(
            camera_ref="CAM-01",
            begins_at=action.offence_at - timedelta(minutes=10),
            ends_at=action.offence_at + timedelta(minutes=10),
            purpose=f"To see who dropped them. {NOTE}",
            requested_on=on + timedelta(days=1),
            action_id=action.id,
            outcome=CctvOutcome.EXPORTED.value,
            export_ref="EXP-SYN-1",
            delete_by=today + timedelta(days=12),
        )
    )
    session.flush()


def _save(session: Session, issuer: Issuer, today: date, case: Case) -> EnforcementAction:
    at = datetime.combine(case.on, time(case.hour, 10), LONDON).astimezone(UTC)
    given_on = None if case.given_after is None else case.on + timedelta(days=case.given_after)
    issued_on = given_on or case.on
    point = place_points()[case.place]
    reference = f"SYN-{_PREFIXES[case.kind]}{at:%y%m%d%H%M}"
    action = EnforcementAction(
        external_ref=f"{MARK}-{reference}",
        reference=reference,
        act_ref=reference,
        kind=case.kind.value,
        offence_code=case.offence,
        offence_at=at,
        geometry=Point(point.x, point.y),
        issuer_id=issuer.id,
        age_band=AgeBand.ADULT.value,
        recipient_ref=case.person,
        conduct=case.conduct.value if case.conduct else None,
        earlier_action_id=case.earlier_id,
        issued_on=issued_on,
        given_on=given_on,
        amount_pence=AMOUNT_PENCE if case.is_paid_for else None,
        discount_pence=EARLY_PENCE if case.is_paid_for else None,
        discount_days=EARLY_DAYS if case.is_paid_for else None,
        note=NOTE,
    )
    session.add(action)
    session.flush()
    steps: Sequence[tuple[NoticeState, int]] = ((case.begins, 0), *case.steps)
    for state, days in steps:
        day = issued_on + timedelta(days=days)
        if day <= today:
            step_at = datetime.combine(day, time(23, 30), LONDON).astimezone(UTC)
            session.add(
                ActionEvent(
                    action_id=action.id,
                    state=state.value,
                    at=step_at,
                    recorded_at=step_at,
                    reason=NOTE,
                )
            )
            session.flush()
    return action


_PREFIXES = {
    ActionKind.KEEPER_PENALTY: "K",
    ActionKind.CPW: "W",
    ActionKind.CPN: "N",
    ActionKind.CAUTION: "C",
    ActionKind.LITTER_FPN: "L",
}
