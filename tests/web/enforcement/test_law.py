"""``hotspots law``: what held on a day at a place, as a program reads it."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import shapely

from geodata.core.vocabulary import OrderChange
from geodata.enforcement import orders
from geodata.rules import council
from geodata.rules.tables import packaged
from geodata.store.engine import open_store
from web.cli import main

TOWN = shapely.multipolygons([shapely.box(553_900, 174_000, 554_300, 174_400)])
INSIDE, OUTSIDE = "0.2148,51.4456", "0.2400,51.4456"  # TQ 5409 7420 and 1.7 km east of it


@pytest.fixture
def law(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Runs the command in an empty folder; its status, its output and its complaints."""
    monkeypatch.chdir(tmp_path)
    for name in ("HOTSPOTS_DATABASE_URL", "HOTSPOTS_CONFIG"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["law", *arguments])
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return run


@pytest.fixture
def town_order(tmp_path: Path) -> None:
    """A store in the folder with an order made for 2021 to 2024 and extended to 2027."""
    store = open_store(f"sqlite:///{tmp_path}/hotspots.gpkg", create=True)
    with store.writing() as session:
        order = orders.add(session, "Town")
        for change, first, last in (
            (OrderChange.MADE, date(2021, 2, 1), date(2024, 1, 31)),
            (OrderChange.EXTENDED, date(2024, 2, 1), date(2027, 1, 31)),
        ):
            orders.add_version(
                session,
                packaged(),
                order,
                change,
                valid_from=first,
                valid_to=last,
                made_on=first - timedelta(days=1),
                geometry=TOWN,
                prohibitions={"p1": "No inhaling"},
            )
    store.close()


def answer(law, *arguments: str) -> dict:
    status, output, complaints = law(*arguments, "--json")
    assert (status, complaints) == (0, "")
    return json.loads(output)


def test_without_a_store_the_packaged_law_answers_in_full(law) -> None:
    reply = answer(
        law, "--date", "2019-06-01", "--notice-date", "2019-06-02", "--given-date", "2019-06-03"
    )
    tables = reply.pop("tables")
    assert {each["table"] for each in tables} == {
        "nitrous_oxide_regime",
        "litter_penalty",
        "order_penalty",
        "fly_tipping_penalty",
        "notice_breach_penalty",
        "powers",
        "periods",
    }
    assert reply == {
        "regime": {
            "code": "psa2016",
            "label": "supply for its psychoactive effect is an offence; possession is not",
            "possession_offence": False,
        },
        "litter_penalty": {
            "min_pence": 6_500,
            "max_pence": 15_000,
            "default_pence": 10_000,
            "least_discounted_pence": 5_000,
        },
        "order_penalty": {"max_pence": 10_000},
        "orders": [],
        "deadlines": {
            "last_day_to_pay": "2019-06-16",
            "earliest_proceedings": "2019-06-17",
            "prosecution_limit": "2019-12-01",
            "keeper_representations_last_day": "2019-06-30",  # 3 June is the first of 28 days
            "keeper_last_day_to_give": "2019-07-05",  # 1 June is the first of 35 days
            "keeper_last_day_to_pay": "2019-06-30",
        },
        "warnings": [],
    }


def test_deadlines_without_their_first_day_are_null(law) -> None:
    deadlines = answer(law, "--date", "2023-08-31")["deadlines"]
    assert deadlines.pop("prosecution_limit") == "2024-02-29"
    assert deadlines.pop("keeper_last_day_to_give") == "2023-10-04"  # act + 34 days
    assert set(deadlines.values()) == {None}
    late = ("--date", "2023-08-31", "--notice-date", "2024-03-01")  # the limit is 29 February
    assert "after the time limit" in answer(law, *late)["warnings"][0]
    either_way = answer(law, *late, "--offence", "epa1990_s33")
    assert (either_way["deadlines"]["prosecution_limit"], either_way["warnings"]) == (None, [])


@pytest.mark.parametrize(
    ("day", "litter", "order", "keeper"),
    [
        ("1991-03-31", None, None, None),
        ("2000-06-01", 2_500, None, None),
        ("2004-06-01", 5_000, None, None),
        ("2010-06-01", 7_500, None, None),
        ("2014-10-19", 7_500, None, None),
        ("2014-10-20", 7_500, 10_000, None),
        ("2018-03-31", 7_500, 10_000, None),
        ("2018-04-01", 10_000, 10_000, "2018-05-05"),
    ],
)
def test_what_was_no_power_then_is_null_and_said(law, day, litter, order, keeper) -> None:
    reply = answer(law, "--date", day, "--given-date", day)
    assert reply["litter_penalty"]["default_pence"] == litter
    assert reply["order_penalty"]["max_pence"] == order
    assert reply["deadlines"]["keeper_last_day_to_give"] == keeper
    assert (reply["deadlines"]["keeper_last_day_to_pay"] is None) == (keeper is None)
    was = {"Litter penalty notice": litter, "Keeper's civil penalty": keeper} | dict.fromkeys(
        ("Penalty notice for breach of an order", *COMMUNITY_PROTECTION), order
    )
    lacking = [line for line in reply["warnings"] if "no such power then" in line]
    for words, value in was.items():
        named = [line for line in lacking if line.startswith((f"{words}:", f"{words} ("))]
        assert len(named) == (value is None), words
    output = law("--date", day)[1]
    for title, value in (("Litter penalty", litter), ("Breach of an order", order)):
        assert (f"{title}: no such power then\n" in output) == (value is None)
    assert ("Route, keeper penalty: no such power then\n" in output) == (keeper is None)
    assert ("Period, keeper service: no such power then\n" in output) == (keeper is None)


COMMUNITY_PROTECTION = (
    "Community protection warning",
    "Community protection notice",
    "Penalty notice for breach of a community protection notice",
)
LIMIT, GIVE, ORDER = "after the time limit", "had to be given by 5 July 2019", "before its date"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--notice-date", "2019-07-05"], []),  # 1 June is the first of 35 days
        (["--notice-date", "2019-07-06"], [GIVE]),
        (["--notice-date", "2019-12-01"], [GIVE]),  # six months from 1 June
        (["--notice-date", "2019-12-02"], [LIMIT, GIVE]),
        (["--given-date", "2019-07-05"], []),
        (["--given-date", "2019-07-06"], [GIVE]),
        (["--notice-date", "2019-06-03", "--given-date", "2019-06-02"], [ORDER]),
        # A breach of an order is no litter: no keeper answers it.
        (["--notice-date", "2019-12-01", "--offence", "asbcpa2014_s67"], []),
        (["--notice-date", "2019-12-02", "--offence", "asbcpa2014_s67"], [LIMIT]),
    ],
)
def test_a_day_after_a_routes_limit_is_warned_of(
    law, arguments: list[str], words: list[str]
) -> None:
    warnings = answer(law, "--date", "2019-06-01", *arguments)["warnings"]
    assert len(warnings) == len(words)
    assert all(each in line for each, line in zip(words, warnings, strict=True))


@pytest.mark.parametrize(
    ("offence", "late"),
    [
        ("epa1990_s87", {"Litter penalty notice"}),
        ("asbcpa2014_s67", {"Penalty notice for breach of an order"}),
        ("asbcpa2014_s48", {"Penalty notice for breach of a community protection notice"}),
    ],
)
def test_the_routes_that_the_six_months_end_are_named(law, offence: str, late: set[str]) -> None:
    dated = ("--date", "2019-06-01", "--notice-date", "2019-12-02")
    (limit,) = [
        line for line in answer(law, *dated, "--offence", offence)["warnings"] if LIMIT in line
    ]
    # Fly-tipping (s.33) is triable either way; a warning leads to no court.
    assert set(limit.partition("Too late for: ")[2].rstrip(".").split("; ")) == late | {
        "Simple caution",
        "Prosecution",
    }


def test_every_value_of_every_table_says_its_source_and_whether_it_was_read_there(law) -> None:
    tables = answer(law, "--date", "2026-06-13")["tables"]
    assert all(each["source"] and set(each["verified"]) == set(each["values"]) for each in tables)
    fly, breach = (
        next(each for each in tables if each["table"] == name)
        for name in ("fly_tipping_penalty", "notice_breach_penalty")
    )
    assert (fly["values"]["max_pence"], fly["verified"]["max_pence"]) == (100_000, True)
    assert fly["verified"]["default_pence"] is False  # £200 was read in the rows before alone
    assert (breach["values"], breach["verified"]) == ({"max_pence": 10_000}, {"max_pence": True})
    output = law("--date", "2026-06-13")[1]
    assert "Fly-tipping penalty: source Environmental Offences" in output
    assert "most: £1,000.00 (verified)" in output
    assert "where the council set none: £200.00 (unverified)" in output
    assert "Period, keeper service: source SI 2018/171" in output
    assert all(each["source"] in output for each in tables)
    assert "how many: 6 (verified)\n  of: months (verified)" in output  # to prosecute


@pytest.mark.parametrize(
    ("moment", "code", "limit"),
    [
        ("2023-11-08T00:00", "psa2016", "2024-05-08"),
        ("2023-11-08 00:01", "class_c", "2024-05-08"),
        ("2016-05-25T23:00Z", "psa2016", "2016-11-26"),  # the 26th in London
    ],
)
def test_an_hour_is_londons_unless_it_names_its_zone(law, moment: str, code: str, limit: str):
    reply = answer(law, "--date", moment)
    assert (reply["regime"]["code"], reply["deadlines"]["prosecution_limit"]) == (code, limit)


@pytest.mark.usefixtures("town_order")
@pytest.mark.parametrize(
    ("day", "version"),
    [
        ("2021-01-31", []),
        ("2021-02-01", [1]),
        ("2024-01-31", [1]),
        ("2024-02-01", [2]),
        ("2027-01-31", [2]),
        ("2027-02-01", []),
    ],
)
def test_an_order_holds_inside_its_area_on_its_days(law, day: str, version: list[int]) -> None:
    reply = answer(law, "--date", day, "--at", INSIDE)["orders"]
    assert [order["version"] for order in reply] == version
    assert answer(law, "--date", day, "--at", OUTSIDE)["orders"] == []
    assert answer(law, "--date", day)["orders"] == reply


@pytest.mark.usefixtures("town_order")
def test_an_order_is_told_with_its_own_days(law) -> None:
    (order,) = answer(law, "--date", "2025-06-01", "--at", INSIDE)["orders"]
    assert order == {"name": "Town", "version": 2, "from": "2024-02-01", "to": "2027-01-31"}


@pytest.mark.usefixtures("town_order")
def test_the_councils_own_rows_are_heard(law, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/hotspots.gpkg")
    with store.writing() as session:
        council.add_row(
            session,
            "order_penalty",
            {"max_pence": 50_000},
            valid_from=date(2026, 10, 1),
            valid_to=None,
            source="SI 2026/999",
            is_verified=True,
            now=datetime(2026, 11, 24, 12, tzinfo=UTC),
        )
    store.close()
    most = [
        answer(law, "--date", day)["order_penalty"]["max_pence"]
        for day in ("2026-09-30", "2026-10-01")
    ]
    assert most == [10_000, 50_000]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--date", "2019-02-30"], 2, "is no day: write 2026-11-23"),
        (["--date", "31/8/2019"], 2, "is no day"),
        (["--date", "2019-W01-1"], 2, "is no day"),
        (["--date", "1066-10-14"], 2, "outside the years"),
        (["--date", "2019-06-01T25:00"], 2, "is no moment"),
        ([], 2, "--date"),
        (["--date", "2019-06-01", "--at", "51.4456,0.2137"], 2, "longitude comes first"),
        (["--date", "2019-06-01", "--at", "nan,nan"], 2, "not in Great Britain"),
        (["--date", "2019-06-01", "--at", "Westgate"], 2, "is no position"),
        (["--date", "2019-06-01", "--notice-date", "2019-05-31"], 1, "lies before the act"),
        (["--date", "2019-06-01", "--given-date", "2019-05-31"], 1, "check the dates"),
    ],
)
def test_a_bad_question_is_answered_with_a_sentence(
    law, arguments: list[str], status: int, words: str
) -> None:
    ended, output, complaint = law(*arguments)
    assert (ended, output) == (status, "")
    assert words in complaint


@pytest.mark.usefixtures("town_order")
def test_people_read_sentences(law) -> None:
    _, output, _ = law("--date", "2026-06-13", "--at", INSIDE, "--notice-date", "2026-06-14")
    assert "Litter penalty: source Environmental Offences" in output
    assert "  least: £65.00 (verified)\n  most: £500.00 (verified)\n" in output
    assert "  where the council set none: £100.00 (unverified)" in output
    assert "Order: Town, version 2, 2024-02-01 to 2027-01-31" in output
    assert "Last day to pay: 2026-06-28" in output
