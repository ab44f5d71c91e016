"""Every guard with each value missing: an empty box opens no way that a wrong date would close."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from geodata.core.vocabulary import ActionKind, AgeBand, NoticeState, Power
from geodata.rules.enforcement.keeper_life import STEPS
from geodata.rules.enforcement.notice_life import NoticeFacts, amount_due, step_fault
from geodata.rules.enforcement.order_breach import OrderFacts
from geodata.rules.enforcement.orders import version_fault
from geodata.rules.enforcement.penalties import early_fault
from geodata.rules.enforcement.prohibitions import Limits
from geodata.rules.enforcement.routes import Act, lawful_routes, route_of, undecided
from geodata.rules.tables import packaged
from tests.geodata.rules.test_orders import V

LAW = packaged()
TOWN = OrderFacts(
    version_id=7,
    name="Town",
    valid_from=date(2024, 2, 1),
    valid_to=date(2027, 1, 31),
    is_in_force=True,
    is_inside=True,
    boundary_m=80.0,
    penalty_pence=10_000,
    prohibitions={"ingest": "No inhaling"},
)
ACT = Act(
    offence_at=datetime(2026, 6, 13, 22, 40, tzinfo=UTC),
    issued_on=date(2026, 6, 13),
    age_band=AgeBand.ADULT,
    authorised=frozenset(power.value for power in Power),
    orders=(TOWN,),
    prohibition="ingest",
    accuracy_m=5.0,
    from_vehicle=True,
    given_on=date(2026, 6, 20),
)


@pytest.mark.parametrize("kind", list(ActionKind))
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("offence_at", "the time of the act is not recorded"),
        ("issued_on", "the date of the notice is not recorded"),
        ("age_band", "the age of the person is not recorded"),
    ],
)
def test_no_route_is_open_for_an_act_of_which_a_value_is_missing(
    kind: str, name: str, words: str
) -> None:
    assert words in "; ".join(route_of(LAW, replace(ACT, **{name: None}), kind).refusals)


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("pspo_fpn", "prohibition", "choose the prohibition"),
        ("keeper_penalty", "given_on", "the day on which the keeper was given"),
    ],
)
def test_what_the_last_page_asks_is_asked_before_anything_is_recorded(
    kind: str, name: str, words: str
) -> None:
    assert undecided(kind, ACT) == ""
    assert words in undecided(kind, replace(ACT, **{name: None}))


def test_an_order_without_a_last_day_proves_no_breach() -> None:
    act = replace(ACT, orders=(replace(TOWN, valid_to=None),))
    assert "last day of Town is not recorded" in "; ".join(route_of(LAW, act, "pspo_fpn").refusals)


@pytest.mark.parametrize("hours", [Limits(begins=time(18)), Limits(ends=time(6))])
def test_a_prohibition_with_one_end_of_its_hours_proves_no_breach(hours: Limits) -> None:
    act = replace(ACT, orders=(replace(TOWN, limits={"ingest": hours}),))
    refusals = "; ".join(route_of(LAW, act, "pspo_fpn").refusals)
    assert "only one end of its hours is recorded" in refusals


def test_a_position_of_unknown_accuracy_is_checked_on_the_plan() -> None:
    conditions = route_of(LAW, replace(ACT, accuracy_m=None), "pspo_fpn").conditions
    assert "inside by 80 m, accuracy not known: check the plan" in conditions
    assert not any("check the plan" in c for c in route_of(LAW, ACT, "pspo_fpn").conditions)


def test_nothing_is_missing_where_every_value_is_there() -> None:
    refused = [w for route in lawful_routes(LAW, ACT) for w in route.refusals if "recorded" in w]
    assert refused == []


MADE = V(1, "made", date(2017, 10, 1), date(2019, 12, 31), date(2017, 9, 1))
FOLLOWING = {
    "made": V(2, "made", date(2021, 2, 1), date(2024, 1, 31), date(2021, 1, 5)),
    "extended": V(2, "extended", date(2020, 1, 1), date(2022, 12, 31), date(2019, 12, 1)),
    "varied": V(2, "varied", date(2019, 6, 1), date(2019, 12, 31), date(2019, 5, 1)),
    "discharged": V(2, "discharged", date(2019, 6, 1), None, date(2019, 5, 1)),
}


@pytest.mark.parametrize("change", list(FOLLOWING))
@pytest.mark.parametrize("name", ["valid_from", "valid_to", "made_on"])
def test_a_version_of_an_order_with_an_empty_day(change: str, name: str) -> None:
    new = FOLLOWING[change]
    assert version_fault(LAW, [MADE], new) == ""
    fault = version_fault(LAW, [MADE], replace(new, **{name: None}))
    # A discharge has no last day; what follows a version is lawful by the day it was made on.
    assert bool(fault) == (name != "valid_to" or change != "discharged")
    assert not fault or "enter" in fault


@pytest.mark.parametrize("change", ["extended", "varied"])
def test_nothing_prolongs_a_version_whose_end_nobody_entered(change: str) -> None:
    assert version_fault(LAW, [replace(MADE, valid_to=None)], FOLLOWING[change]) != ""


@pytest.mark.parametrize("change", list(FOLLOWING))
def test_no_version_holds_before_it_was_made(change: str) -> None:
    new = FOLLOWING[change]
    assert version_fault(LAW, [MADE], replace(new, made_on=date(2025, 1, 1))) != ""


NOTICE = NoticeFacts(
    "litter_fpn", "issued", date(2026, 5, 20), date(2026, 5, 20), None, 7_500, 10, None
)


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("issued_on", "unpaid"),
        ("issued_on", "referred_to_legal"),
        ("issued_on", "paid_discount"),
        ("discount_pence", "paid_discount"),
        ("discount_days", "paid_discount"),
    ],
)
def test_a_step_that_is_counted_from_a_missing_day_is_refused(name: str, state: str) -> None:
    day = date(2026, 5, 25) if state == "paid_discount" else date(2026, 7, 1)
    assert step_fault(LAW, NOTICE, NoticeState(state), day, "") == ""
    assert step_fault(LAW, replace(NOTICE, **{name: None}), NoticeState(state), day, "") != ""


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step.before}-{step.after}")
def test_no_step_of_a_keepers_penalty_follows_a_state_without_its_day(step) -> None:
    given_on = date(2026, 6, 1)
    facts = NoticeFacts("keeper_penalty", step.before, given_on, given_on, given_on)
    assert "is not recorded" in step_fault(
        LAW, facts, step.after, date(2026, 12, 1), "by a mistake of ours"
    )


def test_representations_of_no_known_day_leave_nothing_to_ask() -> None:
    facts = NoticeFacts("keeper_penalty", "representation", date(2026, 5, 20), date(2026, 5, 20))
    assert amount_due(LAW, facts, 10_000, date(2026, 6, 1)) is None


def test_an_early_amount_and_its_days_go_together() -> None:
    assert (early_fault(None, None), early_fault(5_000, 10)) == ("", "")
    assert "enter both or neither" in early_fault(5_000, None)
    assert "enter both or neither" in early_fault(None, 10)
    assert "one day at least" in early_fault(5_000, 0)
