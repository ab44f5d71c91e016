"""Recording what was done: only what is lawful, once, with its amount frozen, and audited."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import shapely
from sqlalchemy import func, select, text

from geodata.core.errors import NotFoundError, RefusedError
from geodata.core.vocabulary import AgeBand, NoticeState, OrderChange
from geodata.enforcement import actions, orders
from geodata.models import ActionEvent, EnforcementAction
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.rules import council as rules
from geodata.rules.tables import packaged
from tests.web.enforcement.conftest import CAR_PARK, NOW, Enforcing
from web.services import enforcement
from web.services.common.officer_position import Standpoint, find_standpoint
from web.services.enforcement import ActDraft, Choice, notices
from web.services.enforcement.notice_deadlines import board

HERE = Standpoint(CAR_PARK, 8.0, None, "Westgate car park")
FPN = Choice("litter_fpn", "key-1")


def draft(enforcing: Enforcing, **changed: object) -> ActDraft:
    act = ActDraft(
        where=HERE,
        offence_at=NOW - timedelta(minutes=10),
        issued_on=date(2026, 6, 13),
        age_band=AgeBand.ADULT,
        issuer_id=enforcing.issuer_id,
    )
    return replace(act, **changed)


def record(enforcing: Enforcing, choice: Choice = FPN, **changed: object) -> str:
    with enforcing.store.writing() as session:
        act = draft(enforcing, **changed)
        return enforcement.record(session, act, choice, enforcing.actor).reference


def log(enforcing: Enforcing) -> list[tuple[str, dict | None, dict | None, str | None]]:
    with enforcing.store.reading() as session:
        entries = audit.entries(session, enforcement.ENTITY)
    return [(e.act, e.before, e.after, e.reason) for e, _ in entries][::-1]


def test_a_notice_is_kept_with_its_amount_and_the_log_says_who(enforcing: Enforcing) -> None:
    reference = record(enforcing, replace(FPN, note="Seen dropping chargers"))
    with enforcing.store.reading() as session:
        action, state = actions.find(session, reference)
        ((entry, name),) = audit.entries(session, enforcement.ENTITY)
    assert (action.kind, action.offence_code, state) == ("litter_fpn", "epa1990_s87", "issued")
    assert (action.amount_pence, action.discount_pence) == (10_000, None)
    assert (action.issued_on, action.age_band) == (date(2026, 6, 13), "18_or_over")
    assert (entry.act, entry.entity_id, name) == ("create", action.id, "chief")
    assert entry.after["amount_pence"] == 10_000
    assert "Seen dropping" not in str(entry.after)


def test_the_same_form_sent_twice_is_recorded_once(enforcing: Enforcing) -> None:
    assert record(enforcing) == record(enforcing)
    with enforcing.store.reading() as session:
        assert session.scalar(select(func.count(EnforcementAction.id))) == 1
        assert session.scalar(select(func.count(ActionEvent.id))) == 1


def test_an_amount_stays_what_it_was_when_the_council_changes_it(enforcing: Enforcing) -> None:
    def decide(pence: int, first: date) -> None:
        with enforcing.store.writing() as session:
            rules.add_row(
                session,
                "council_amount",
                {"action": "litter_fpn", "amount_pence": pence, "decision": "D"},
                valid_from=first,
                valid_to=None,
                source="D",
                is_verified=True,
                now=NOW,
            )

    decide(15_000, date(2026, 6, 1))
    reference = record(enforcing)
    decide(20_000, date(2026, 6, 1))
    with enforcing.store.reading() as session:
        assert actions.find(session, reference)[0].amount_pence == 15_000


def test_a_breach_names_the_version_and_the_prohibition(enforcing: Enforcing) -> None:
    reference = record(enforcing, Choice("pspo_fpn", "k", prohibition="ingest"))
    with enforcing.store.reading() as session:
        action, _ = actions.find(session, reference)
        version = actions.version_of(session, action)
        assert (version.order.name, version.number) == ("Town", 1)
        assert action.prohibition_id in {p.id for p in version.prohibitions if p.code == "ingest"}


@pytest.mark.parametrize(
    ("choice", "changed", "words"),
    [
        (
            Choice("pspo_fpn", "k", prohibition="ingest"),
            {"offence_at": datetime(2020, 6, 1, 22, tzinfo=UTC)},
            "Old town was not in force on 1 June 2020: it ended on 31 December 2019",
        ),
        (Choice("pspo_fpn", "k"), {}, "choose the prohibition"),
        (Choice("pspo_fpn", "k", prohibition="dogs"), {}, "does not list"),
        (FPN, {"age_band": AgeBand.UNDER_10}, "under 10"),
        (FPN, {"issued_on": date(2026, 6, 12)}, "before the act"),
        (FPN, {"issued_on": date(2026, 6, 14)}, "notice lies in the future"),
        (FPN, {"offence_at": NOW + timedelta(minutes=1)}, "act lies in the future"),
        (FPN, {"over_a_sack": True}, "note why this is litter"),
        (FPN, {"recipient_ref": "AB12 CDE"}, "AB12 CDE may say who"),
        (replace(FPN, note="Mr Smith ran off"), {}, "Mr Smith may say who"),
        (replace(FPN, landmark="ring 07700 900123"), {}, "penalty system only"),
        (Choice("keeper_penalty", "k"), {"from_vehicle": True}, "the day on which the keeper"),
        (
            Choice("keeper_penalty", "k", given_on=date(2026, 6, 12)),
            {"from_vehicle": True},
            "given before its own date",
        ),
        (Choice("cpn", "k"), {"recipient_ref": "P-1"}, "earlier written warning"),
    ],
)
def test_what_is_not_lawful_leaves_nothing_behind(
    enforcing: Enforcing, choice: Choice, changed: dict, words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        record(enforcing, choice, **changed)
    with enforcing.store.reading() as session:
        assert session.scalar(select(func.count(EnforcementAction.id))) == 0


def test_an_authority_counts_on_the_day_of_issue(enforcing: Enforcing) -> None:
    act = {"offence_at": datetime(2023, 12, 31, 12, tzinfo=UTC)}
    with pytest.raises(RefusedError, match="no written authority for it on 31 December 2023"):
        record(enforcing, issued_on=date(2023, 12, 31), **act)
    assert record(enforcing, issued_on=date(2024, 1, 1), **act)


def test_the_same_person_there_and_then_is_one_act(enforcing: Enforcing) -> None:
    first = record(enforcing, recipient_ref="P-1")
    with pytest.raises(RefusedError, match=f"Litter penalty notice {first}: one act, one route"):
        record(enforcing, Choice("caution", "k2"), recipient_ref="P-1")
    away = replace(HERE, point=shapely.Point(CAR_PARK.x + 400, CAR_PARK.y + 301))
    assert record(enforcing, Choice("caution", "k3"), recipient_ref="P-1", where=away)
    earlier = NOW - timedelta(hours=13)
    assert record(enforcing, Choice("caution", "k4"), recipient_ref="P-1", offence_at=earlier)
    # Another reference tells no other act: driver and keeper differ by nature.
    with pytest.raises(RefusedError, match="is it the same act"):
        record(enforcing, Choice("caution", "k5"), recipient_ref="P-2")


def test_a_void_notice_frees_its_act(enforcing: Enforcing) -> None:
    first = record(enforcing, recipient_ref="P-1")
    step(enforcing, first, "void", "2026-06-13", "Wrong form")
    assert record(enforcing, Choice("caution", "k2"), recipient_ref="P-1")


def test_a_notice_follows_its_warning(enforcing: Enforcing) -> None:
    person = {"recipient_ref": "P-1", "conduct": "inhaling"}
    warning = record(enforcing, Choice("cpw", "w"), **person)
    earlier = NOW - timedelta(hours=2)
    notice = record(enforcing, Choice("cpn", "n"), **person, offence_at=earlier)
    with enforcing.store.reading() as session:
        after, before = (actions.find(session, ref)[0] for ref in (notice, warning))
    assert (after.earlier_action_id, after.conduct) == (before.id, "inhaling")
    other = person | {"conduct": "noise"}
    with pytest.raises(RefusedError, match="was for: inhaling nitrous oxide in public"):
        record(enforcing, Choice("cpn", "n3"), **other, offence_at=earlier)
    step(enforcing, warning, "withdrawn", "2026-06-13", "Wrong person")
    with pytest.raises(RefusedError, match="earlier written warning"):
        record(enforcing, Choice("cpn", "n2"), **person, offence_at=earlier)


def test_a_warning_says_which_conduct_it_is_for(enforcing: Enforcing) -> None:
    with pytest.raises(RefusedError, match="choose the conduct"):
        record(enforcing, Choice("cpw", "w"), recipient_ref="P-1")


def step(enforcing: Enforcing, reference: str, state: str, on: str, reason: str = "") -> None:
    day = date.fromisoformat(on)
    actor = Actor(enforcing.user_id, datetime(2027, 3, 1, 12, tzinfo=UTC))
    with enforcing.store.writing() as session:
        notices.take_step(session, reference, NoticeState(state), day, reason, actor)


def test_a_notice_walks_from_issue_to_court_and_nothing_is_lost(enforcing: Enforcing) -> None:
    reference = record(enforcing)
    walk = (
        ("representation", "2026-06-20", "Says it was a friend"),
        ("issued", "2026-06-25", "Rejected: seen on CCTV"),
        ("unpaid", "2026-06-28", ""),
        ("reminder", "2026-07-01", ""),
        ("referred_to_legal", "2026-07-20", ""),
        ("court", "2026-12-13", ""),
        ("convicted", "2027-02-01", ""),
    )
    for state, on, reason in walk:
        step(enforcing, reference, state, on, reason)
    with enforcing.store.reading() as session:
        action, state = actions.find(session, reference)
        history = [event.state for event in actions.events(session, action)]
    assert state == "convicted"
    assert history == ["issued", *(state for state, _, _ in walk)]
    changes = [(before["state"], after["state"]) for act, before, after, _ in log(enforcing)[1:]]
    assert changes == list(itertools.pairwise(history))
    with pytest.raises(RefusedError, match="it is closed"):
        step(enforcing, reference, "acquitted", "2027-02-02")


def test_a_step_is_not_taken_before_its_day_or_in_the_future(enforcing: Enforcing) -> None:
    reference = record(enforcing)
    with pytest.raises(RefusedError, match="can be paid until 27 June 2026"):
        step(enforcing, reference, "unpaid", "2026-06-27")
    with pytest.raises(RefusedError, match="lies in the future"):
        step(enforcing, reference, "unpaid", "2027-03-02")
    with pytest.raises(RefusedError, match="needs a reason"):
        step(enforcing, reference, "cancelled", "2026-06-20")
    with pytest.raises(RefusedError, match="Mrs Jones"):
        step(enforcing, reference, "cancelled", "2026-06-20", "Mrs Jones was right")
    with pytest.raises(NotFoundError):
        step(enforcing, "NOSUCH", "void", "2026-06-20", "x")


def test_every_look_is_in_the_log(enforcing: Enforcing) -> None:
    reference = record(enforcing)
    with enforcing.store.writing() as session:
        notices.list_notices(session, notices.Filters(kind="litter_fpn"), enforcing.actor)
        notices.open_notice(session, reference.lower(), enforcing.actor)
    assert [(act, after) for act, _, after, _ in log(enforcing)[1:]] == [
        ("list", {"kind": "litter_fpn", "rows": 1}),
        ("read", None),
    ]


def test_the_log_cannot_be_altered(enforcing: Enforcing) -> None:
    record(enforcing)
    for statement in ("UPDATE audit_entry SET act = 'x'", "DELETE FROM audit_entry"):
        with pytest.raises(Exception, match="append-only"), enforcing.store.writing() as session:
            session.execute(text(statement))


def test_a_view_tells_what_may_follow_today(enforcing: Enforcing) -> None:
    reference = record(enforcing)
    with enforcing.store.writing() as session:
        view = notices.open_notice(session, reference, enforcing.actor)
    by_words = {deadline.words: deadline.on for deadline in view.deadlines}
    assert by_words["Last day to pay"] == date(2026, 6, 27)
    assert by_words["Last day on which proceedings may begin"] == date(2026, 12, 13)
    open_steps = {step.state for step in view.steps if not step.refusal}
    assert {"paid_full", "representation", "cancelled", "void"} == open_steps
    assert (view.due_pence, view.issuer) == (10_000, "CEO-07")


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ({}, "say where"),
        ({"grid_ref": "Westgate"}, "is not a grid reference"),
        ({"place_name": "Eastgate"}, "no known place"),
        ({"lonlat": (0.30, 51.44)}, "km outside the borough"),
        ({"lonlat": (200.0, 99.0)}, "not in Great Britain"),
    ],
)
def test_a_place_that_cannot_be_is_said(enforcing: Enforcing, place: dict, words: str) -> None:
    with enforcing.store.reading() as session, pytest.raises(RefusedError, match=words):
        find_standpoint(session, day=date(2026, 6, 13), **place)


def test_a_grid_reference_wins_over_the_device_and_finds_its_place(enforcing: Enforcing) -> None:
    with enforcing.store.reading() as session:
        standpoint = find_standpoint(
            session,
            day=date(2026, 6, 13),
            lonlat=(0.19, 51.44),
            accuracy_m=5,
            grid_ref="TQ 5350 7400",
            place_name="Westgate car park",
        )
    assert standpoint.place_name == "Westgate car park"
    # The middle of the 10 m square is 7.07 m from its corners.
    assert (standpoint.point.x, standpoint.point.y) == (553_505, 174_005)
    assert standpoint.accuracy_m == pytest.approx(7.07, abs=0.01)
    assert standpoint.words == "Westgate car park, TQ 5350 7400"


KEEPER = Choice("keeper_penalty", "k", given_on=date(2026, 6, 13))


def on_day(enforcing: Enforcing, day: str) -> Actor:
    return Actor(enforcing.user_id, datetime.fromisoformat(f"{day}T12:00:00+00:00"))


def test_a_keepers_notice_given_after_35_days_is_refused(enforcing: Enforcing) -> None:
    # 20 April is the first of 35 days, 24 May the last.
    act = {"offence_at": datetime(2026, 4, 20, 12, tzinfo=UTC), "from_vehicle": True}
    late = replace(KEEPER, given_on=date(2026, 5, 25))
    with pytest.raises(RefusedError, match="had to be given by 24 May 2026"):
        record(enforcing, late, issued_on=date(2026, 5, 24), **act)
    assert record(
        enforcing,
        replace(late, given_on=date(2026, 5, 24)),
        issued_on=date(2026, 5, 24),
        **act,
    )


def test_a_keepers_road_has_one_day_at_a_time(enforcing: Enforcing) -> None:
    reference = record(enforcing, KEEPER, from_vehicle=True)
    step(enforcing, reference, "representation", "2026-06-20", "not the keeper then")
    with enforcing.store.writing() as session:
        view = notices.open_notice(session, reference, on_day(enforcing, "2026-08-15"))
        lines = board(session, on_day(enforcing, "2027-08-15"))
    (line,) = [line for line in lines if line.reference]
    # 20 June is the first of 56 days: 11 in June, 31 in July, 14 in August.
    assert [deadline.on for deadline in view.deadlines] == [date(2026, 8, 14)]
    assert (view.due_pence, "record it as cancelled" in view.proposal) == (None, True)
    assert (line.reference, "record it as cancelled" in line.words) == (reference, True)
    assert line.on == date(2026, 8, 14)  # not today, though it waits a year later still


def test_a_notice_out_of_time_asks_nothing_and_waits_for_a_decision(enforcing: Enforcing) -> None:
    reference = record(enforcing)
    actor = on_day(enforcing, "2030-01-01")
    with enforcing.store.writing() as session:
        view = notices.open_notice(session, reference, actor)
        assert (view.due_pence, "timed out" in view.proposal) == (None, True)
        assert [line.reference for line in board(session, actor) if line.reference] == [reference]
        notices.take_step(session, reference, NoticeState.TIMED_OUT, date(2030, 1, 1), "", actor)
        assert not [line for line in board(session, actor) if line.reference]


@pytest.mark.parametrize(
    ("second", "ref"), [("keeper_penalty", "P-2"), ("caution", "P-2"), ("litter_fpn", "")]
)
def test_one_act_is_not_dealt_with_twice_whoever_answers(
    enforcing: Enforcing, second: str, ref: str
) -> None:
    record(enforcing, recipient_ref="P-1", from_vehicle=True)
    other = Choice(second, "key-2", given_on=date(2026, 6, 13))
    changed = {"recipient_ref": ref, "from_vehicle": True}
    with pytest.raises(RefusedError, match="is it the same act as Litter penalty notice"):
        record(enforcing, other, **changed)
    assert record(enforcing, replace(other, other_act_reason="a second car"), **changed)


def test_a_rough_time_or_place_is_asked_about_too(enforcing: Enforcing) -> None:
    record(enforcing, recipient_ref="P-1")
    near = replace(HERE, point=shapely.Point(CAR_PARK.x + 90, CAR_PARK.y))
    hour = NOW - timedelta(minutes=55)
    for act in ({"where": near}, {"offence_at": hour}, {"where": near, "offence_at": hour}):
        with pytest.raises(RefusedError, match="is it the same act as"):
            record(enforcing, Choice("caution", "k-2"), **act)
    far = replace(HERE, point=shapely.Point(CAR_PARK.x + 101, CAR_PARK.y))
    assert record(enforcing, Choice("caution", "k-3"), where=far)
    # The same person is asked about further off, for a prosecution's file is rough.
    morning = {"where": far, "offence_at": NOW - timedelta(hours=11)}
    with pytest.raises(RefusedError, match="is it the same act as"):
        record(enforcing, Choice("prosecution", "k-4"), recipient_ref="P-1", **morning)
    assert record(enforcing, Choice("prosecution", "k-5"), recipient_ref="P-2", **morning)


def test_a_notice_for_conduct_beside_a_penalty_is_tied_or_justified(enforcing: Enforcing) -> None:
    person = {"recipient_ref": "P-1", "conduct": "littering"}
    record(enforcing, Choice("cpw", "w"), **person, offence_at=NOW - timedelta(days=3))
    reference = record(enforcing, recipient_ref="P-2")
    with pytest.raises(RefusedError, match="is it the same act as Litter penalty notice"):
        record(enforcing, Choice("cpn", "n"), **person)
    with enforcing.store.reading() as session:
        tie = actions.find(session, reference)[0].act_ref
    assert record(enforcing, Choice("cpn", "n"), act_ref=tie, **person)


def test_what_is_far_in_place_or_time_is_another_act(enforcing: Enforcing) -> None:
    record(enforcing)
    far = replace(HERE, point=shapely.Point(CAR_PARK.x + 51, CAR_PARK.y))
    assert record(enforcing, replace(FPN, idempotency_key="k2"), where=far)
    early = NOW - timedelta(minutes=26)
    assert record(enforcing, replace(FPN, idempotency_key="k3"), offence_at=early)


def test_a_breach_outside_the_hours_of_its_prohibition_is_refused(enforcing: Enforcing) -> None:
    with enforcing.store.writing() as session:
        order = orders.find(session, enforcing.order_id)
        orders.add_version(
            session,
            packaged(),
            order,
            OrderChange.VARIED,
            made_on=date(2026, 5, 1),
            valid_from=date(2026, 6, 1),
            valid_to=date(2027, 1, 31),
            geometry=order.versions[0].geometry,
            penalty_pence=10_000,
            prohibitions={"ingest": "No inhaling [18:00-06:00]", "litter": "No dumping"},
        )
    breach = Choice("pspo_fpn", "b", prohibition="ingest")
    # 15:00 in London is 14:00 UTC in June.
    with pytest.raises(RefusedError, match="from 18:00 to 06:00, and the act was at 15:00"):
        record(enforcing, breach, offence_at=NOW.replace(hour=14, minute=0))
    assert record(enforcing, replace(breach, prohibition="litter"), offence_at=NOW.replace(hour=13))
    assert record(enforcing, replace(breach, idempotency_key="c"))


def test_a_breach_follows_its_notice_for_the_same_conduct(enforcing: Enforcing) -> None:
    amount = {"action": "cpn_fpn", "amount_pence": 8_000, "decision": "CAB/26/12"}
    with enforcing.store.writing() as session:
        rules.add_row(
            session,
            "council_amount",
            amount,
            valid_from=None,
            valid_to=None,
            source="Cabinet",
            is_verified=True,
            now=NOW,
        )
    person = {"recipient_ref": "P-9", "conduct": "dumping"}
    with pytest.raises(RefusedError, match="earlier notice"):
        record(enforcing, Choice("cpn_fpn", "f0"), **person)
    for n, kind in enumerate(("cpw", "cpn")):
        record(enforcing, Choice(kind, kind), **person, offence_at=NOW - timedelta(hours=9 - n))
    reference = record(enforcing, Choice("cpn_fpn", "f"), **person)
    with enforcing.store.reading() as session:
        action, _ = actions.find(session, reference)
        before = session.get(EnforcementAction, action.earlier_action_id)
    assert (action.offence_code, action.amount_pence) == ("asbcpa2014_s48", 8_000)
    assert before.kind == "cpn"


def offence_of(enforcing: Enforcing, reference: str) -> tuple[str | None, str | None, bool]:
    with enforcing.store.reading() as session:
        action, _ = actions.find(session, reference)
        return action.offence_code, action.conduct, action.order_version_id is not None


def test_a_prosecution_and_a_caution_name_their_offence(enforcing: Enforcing) -> None:
    person = {"recipient_ref": "P-3", "conduct": "dumping"}
    breach = person | {"offence": "asbcpa2014_s48"}
    with pytest.raises(RefusedError, match="as breach of a notice it needs an earlier notice"):
        record(enforcing, Choice("prosecution", "p0"), **breach)
    for n, kind in enumerate(("cpw", "cpn")):
        record(enforcing, Choice(kind, kind), **person, offence_at=NOW - timedelta(hours=9 - n))
    # Chosen, and read from the notice that was breached.
    for n, act in enumerate((breach, person)):
        at = NOW - timedelta(hours=2 * n + 1)
        reference = record(enforcing, Choice("prosecution", f"p{n + 1}"), **act, offence_at=at)
        assert offence_of(enforcing, reference) == ("asbcpa2014_s48", "dumping", False)
    far = NOW - timedelta(hours=7)
    assert offence_of(enforcing, record(enforcing, Choice("caution", "c"), offence_at=far)) == (
        "epa1990_s87",
        None,
        False,
    )
    order = {"offence": "asbcpa2014_s67", "offence_at": NOW - timedelta(hours=20)}
    with pytest.raises(RefusedError, match="choose the prohibition"):
        record(enforcing, Choice("prosecution", "o"), **order)
    reference = record(enforcing, Choice("prosecution", "o", prohibition="litter"), **order)
    assert offence_of(enforcing, reference) == ("asbcpa2014_s67", None, True)


def test_fly_tipping_may_be_prosecuted_after_six_months(enforcing: Enforcing) -> None:
    # Six months from 1 December 2025 end on 1 June 2026; s.33 is triable either way.
    act = {"offence_at": datetime(2025, 12, 1, 12, tzinfo=UTC), "over_a_sack": True}
    with pytest.raises(RefusedError, match="time-barred"):
        record(enforcing, Choice("prosecution", "s"), **act)
    reference = record(enforcing, Choice("prosecution", "s"), **act, offence="epa1990_s33")
    with enforcing.store.writing() as session:
        view = notices.open_notice(session, reference, enforcing.actor)
    assert [each.words for each in view.deadlines] == []
    assert not view.proposal


def test_more_than_a_sack_may_be_a_fly_tipping_notice(enforcing: Enforcing) -> None:
    reference = record(enforcing, Choice("fly_tipping_fpn", "t"), over_a_sack=True)
    with enforcing.store.reading() as session:
        action, _ = actions.find(session, reference)
    assert (action.offence_code, action.amount_pence) == ("epa1990_s33", 20_000)
