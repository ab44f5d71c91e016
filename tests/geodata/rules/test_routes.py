"""Which routes are lawful for an act, and the reason for each that is not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.core.vocabulary import ActionKind, AgeBand, NoticeState, Power
from geodata.rules.enforcement.order_breach import OrderFacts, boundary_sentence
from geodata.rules.enforcement.routes import Act, EarlierStep, lawful_routes, route_of
from geodata.rules.tables import Row, packaged

LAW = packaged()
ALL_POWERS = frozenset(power.value for power in Power)
TOWN = OrderFacts(
    version_id=7,
    name="Town",
    valid_from=date(2024, 2, 1),
    valid_to=date(2027, 1, 31),
    is_in_force=True,
    is_inside=True,
    boundary_m=80.0,
    penalty_pence=10_000,
    prohibitions={"ingest": "No inhaling", "litter": "No dumping"},
)
ACT = Act(
    offence_at=datetime(2026, 6, 13, 22, 40, tzinfo=UTC),  # 23:40 in London
    issued_on=date(2026, 6, 13),
    age_band=AgeBand.ADULT,
    authorised=ALL_POWERS,
    orders=(TOWN,),
    from_vehicle=True,
    over_a_sack=True,
    has_cpw=True,
    has_cpn=True,
)
AMOUNTS = {
    "litter_fpn": 10_000,
    "fly_tipping_fpn": 20_000,
    "pspo_fpn": 10_000,
    "keeper_penalty": 10_000,
}


def refusals(kind: str, **changed: object) -> str:
    return "; ".join(route_of(LAW, replace(ACT, **changed), kind).refusals)


def test_with_nothing_against_it_every_route_is_open() -> None:
    routes = lawful_routes(LAW, ACT)
    assert [route.kind for route in routes] == list(ActionKind)
    closed = {route.kind: route.refusals for route in routes if not route.is_open}
    assert list(closed) == ["cpn_fpn"]  # the council has set no amount for it
    assert "the council's own amounts" in closed["cpn_fpn"][0]
    assert {route.kind: route.amount.pence for route in routes if route.amount} == AMOUNTS


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (
            replace(TOWN, is_in_force=False, valid_to=date(2026, 1, 31)),
            "Town was not in force on 13 June 2026: it ended on 31 January 2026",
        ),
        (
            replace(TOWN, is_in_force=False, valid_from=date(2026, 7, 1)),
            "it begins on 1 July 2026",
        ),
        (replace(TOWN, is_in_force=False), "it was discharged"),
        (replace(TOWN, is_inside=False, boundary_m=350), "the place is outside by 350 m of Town"),
        (replace(TOWN, prohibitions={}), "lists no prohibition"),
    ],
)
def test_a_breach_needs_an_order_in_force_there_that_lists_it(
    order: OrderFacts, words: str
) -> None:
    assert words in refusals("pspo_fpn", orders=(order,))
    assert refusals("litter_fpn", orders=(order,)) == ""


def test_without_any_order_there_is_no_breach() -> None:
    assert "no order was in force here" in refusals("pspo_fpn", orders=())


def test_a_breach_of_what_the_order_does_not_list_is_none() -> None:
    assert "does not list the prohibition 'dogs'" in refusals("pspo_fpn", prohibition="dogs")
    assert refusals("pspo_fpn", prohibition="ingest") == ""


def test_at_the_edge_the_officer_checks_the_plan() -> None:
    near = replace(TOWN, boundary_m=4.2)
    inside = route_of(LAW, replace(ACT, orders=(near,), accuracy_m=10), "pspo_fpn")
    assert inside.is_open
    assert "inside by 4 m, accuracy 10 m: check the plan" in inside.conditions
    outside = replace(near, is_inside=False)
    assert "outside by 4 m, accuracy 10 m: check the plan" in refusals(
        "pspo_fpn", orders=(outside,), accuracy_m=10
    )
    assert boundary_sentence(is_inside=True, boundary_m=10, accuracy_m=10) == "inside by 10 m"


POWER_OF = {
    "litter_fpn": Power.LITTER,
    "pspo_fpn": Power.ORDER,
    "keeper_penalty": Power.KEEPER,
    "cpw": Power.COMMUNITY_PROTECTION,
    "cpn": Power.COMMUNITY_PROTECTION,
    "cpn_fpn": Power.NOTICE_BREACH,
    "fly_tipping_fpn": Power.FLY_TIPPING,
}


@pytest.mark.parametrize("kind", list(ActionKind))
def test_each_route_takes_its_own_written_authority(kind: str) -> None:
    others = ALL_POWERS - {POWER_OF.get(kind)}
    assert ("no written authority" in refusals(kind, authorised=others)) == (kind in POWER_OF)


@pytest.mark.parametrize("kind", list(ActionKind))
def test_a_child_under_ten_is_only_spoken_to_or_referred(kind: str) -> None:
    is_open = refusals(kind, age_band=AgeBand.UNDER_10) == ""
    assert is_open == (kind in {"advice", "referral"})


def test_young_people_have_their_policy() -> None:
    young = replace(ACT, age_band=AgeBand.TEN_TO_17)
    by_kind = {route.kind: route for route in lawful_routes(LAW, young)}
    assert any("no publicity" in c for c in by_kind["litter_fpn"].conditions)
    assert by_kind["litter_fpn"].is_open
    assert "only for somebody of 18 or over" in by_kind["caution"].refusals
    assert "only if 16 or over" in by_kind["cpn"].conditions


EXCLUSIVE = (
    "litter_fpn",
    "fly_tipping_fpn",
    "pspo_fpn",
    "keeper_penalty",
    "caution",
    "cpn_fpn",
    "prosecution",
)


@pytest.mark.parametrize("kind", list(ActionKind))
@pytest.mark.parametrize("before", list(ActionKind))
def test_one_act_goes_down_one_route(kind: str, before: str) -> None:
    reasons = refusals(kind, earlier=(EarlierStep("A1", before, "issued"),))
    assert ("one act, one route" in reasons) == (kind in EXCLUSIVE and before in EXCLUSIVE)


@pytest.mark.parametrize("state", list(NoticeState))
def test_only_what_was_undone_frees_the_act(state: str) -> None:
    reasons = refusals("caution", earlier=(EarlierStep("A1", "litter_fpn", state),))
    assert (reasons == "") == (state in {"void", "cancelled", "withdrawn", "appeal_allowed"})


@pytest.mark.parametrize(
    ("offence", "kind", "words"),
    [
        (datetime(2018, 3, 31, 22, 59, tzinfo=UTC), "keeper_penalty", "began on 1 April 2018"),
        (datetime(2018, 3, 31, 23, 0, tzinfo=UTC), "keeper_penalty", ""),  # 1 April in London
        (datetime(2014, 10, 19, 12, tzinfo=UTC), "cpn", "began on 20 October 2014"),
        (datetime(2014, 10, 19, 12, tzinfo=UTC), "pspo_fpn", "began on 20 October 2014"),
    ],
)
def test_a_power_does_not_reach_back(offence: datetime, kind: str, words: str) -> None:
    issued = offence.date() + timedelta(days=1)
    reasons = refusals(kind, offence_at=offence, issued_on=issued)
    assert words in reasons
    assert bool(reasons) == bool(words)


@pytest.mark.parametrize(
    ("kind", "last"),
    [
        ("prosecution", date(2026, 12, 13)),
        ("litter_fpn", date(2026, 12, 13)),
        ("caution", date(2026, 12, 13)),
        ("keeper_penalty", date(2026, 7, 17)),  # 13 June is the first of 35 days
    ],
)
def test_a_route_ends_with_its_time(kind: str, last: date) -> None:
    assert refusals(kind, issued_on=last) == ""
    assert refusals(kind, issued_on=last + timedelta(days=1)) != ""
    assert refusals("cpw", issued_on=last + timedelta(days=1)) == ""


def test_a_community_protection_notice_needs_its_warning() -> None:
    assert "earlier written warning" in refusals("cpn", has_cpw=False)
    assert refusals("cpw", has_cpw=False) == ""


@pytest.mark.parametrize(
    ("given_on", "is_open"),
    [
        (date(2026, 7, 16), True),
        (date(2026, 7, 17), True),  # 13 June is the first of 35 days
        (date(2026, 7, 18), False),
        (date(2026, 9, 1), False),
    ],
)
def test_a_keepers_notice_counts_from_the_day_it_is_given(given_on: date, is_open: bool) -> None:
    reasons = refusals("keeper_penalty", issued_on=date(2026, 7, 17), given_on=given_on)
    assert (reasons == "") == is_open


def test_only_litter_from_a_vehicle_reaches_its_keeper() -> None:
    assert "from a vehicle" in refusals("keeper_penalty", from_vehicle=False)


def test_an_amount_outside_the_band_closes_the_route() -> None:
    row = Row(None, None, {"action": "litter_fpn", "amount_pence": 50_001, "decision": "D"}, "D")
    route = route_of(LAW.with_rows([("council_amount", row)]), ACT, "litter_fpn")
    assert "£500.01 is outside" in route.refusals[0]


def test_a_notice_is_not_dated_before_the_act() -> None:
    assert "before the act" in refusals("litter_fpn", issued_on=date(2026, 6, 12))


def test_more_than_a_sack_must_be_explained() -> None:
    conditions = route_of(LAW, replace(ACT, over_a_sack=True), "litter_fpn").conditions
    assert any("fly-tipping" in condition for condition in conditions)


@given(
    st.datetimes(datetime(2005, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001 - zone is added
    st.integers(0, 400),
    st.sampled_from(list(AgeBand)),
    st.sets(st.sampled_from(sorted(ALL_POWERS))),
    st.booleans(),
)
def test_no_open_route_asks_an_unlawful_amount(
    offence: datetime, days: int, age: str, powers: set[str], in_force: bool
) -> None:
    act = replace(
        ACT,
        offence_at=offence.replace(tzinfo=UTC),
        issued_on=offence.date() + timedelta(days=days),
        age_band=age,
        authorised=frozenset(powers),
        orders=(replace(TOWN, is_in_force=in_force),),
    )
    for route in lawful_routes(LAW, act):
        assert route.is_open == (not route.refusals)
        if route.amount is not None:
            assert route.is_open
            assert 5_000 <= route.amount.pence <= (10_000 if route.kind == "pspo_fpn" else 50_000)
        if route.is_open and route.kind in POWER_OF:
            assert POWER_OF[route.kind] in powers
            assert age != "under_10"


@pytest.mark.parametrize("kind", ["cpw", "cpn"])
def test_section_43_gives_a_power_and_is_no_offence(kind: str) -> None:
    row = LAW["powers"].on(date(2026, 6, 13), kind)
    assert (row["power"], row["offence"]) == ("asbcpa2014_s43", None)


def test_fly_tipping_is_for_more_than_a_sack_and_has_no_six_months() -> None:
    assert "more than one sack" in refusals("fly_tipping_fpn", over_a_sack=False)
    late = date(2027, 3, 1)
    assert refusals("fly_tipping_fpn", issued_on=late) == ""
    assert "time-barred" in refusals("litter_fpn", issued_on=late)
    before = datetime(2016, 5, 8, 12, tzinfo=UTC)
    assert "9 May 2016" in refusals("fly_tipping_fpn", offence_at=before)


def test_a_breach_needs_its_notice_and_the_councils_amount() -> None:
    assert "earlier notice (CPN)" in refusals("cpn_fpn", has_cpn=False)
    amount = {"action": "cpn_fpn", "amount_pence": 10_000, "decision": "CAB"}
    rules = LAW.with_rows([("council_amount", Row(None, None, amount, "Cabinet"))])
    assert route_of(rules, ACT, "cpn_fpn").amount.pence == 10_000
    too_much = LAW.with_rows(
        [("council_amount", Row(None, None, amount | {"amount_pence": 10_100}, "Cabinet"))]
    )
    assert "outside what the law allowed" in "; ".join(route_of(too_much, ACT, "cpn_fpn").refusals)
