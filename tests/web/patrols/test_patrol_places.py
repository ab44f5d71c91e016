"""Places that are no hotspots are included, avoided, shown and logged like those that are."""

import json
import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
import shapely
import time_machine
from click.testing import CliRunner
from shapely.geometry import Point

from geodata import patrols, places
from geodata.core.errors import RefusedError
from geodata.core.geography import to_lonlat
from geodata.core.vocabulary import PlaceKind
from geodata.detections import hotspot_records
from geodata.people.audit import Actor
from geodata.store.engine import Store
from tests.filled_stores import filled_once
from tests.web.desk import run_now, store_incidents, weekly
from tests.web.page import Page
from tests.web.patrol_shift import FORM, NOW, TONIGHT, ask
from web.cli import hotspots as cli
from web.services.patrols import patrol_sheet, patrolling
from web.services.patrols.patrol_places import patrol_places, with_place
from web.services.patrols.patrol_wish_places import PlaceRefusedError, with_wished

HOT, QUIET = (552_500, 174_000), (553_500, 174_000)
PARK = shapely.box(554_600, 173_900, 554_800, 174_100)


@pytest.fixture
@filled_once
def ground(council: Store) -> Store:
    """One hotspot; two incidents at a quiet spot; a park and a car park, neither a hotspot."""
    spots = [(*HOT, weekly(20, NOW - timedelta(days=3))), (*QUIET, weekly(2, NOW))]
    scattered = [(552_100 + 350 * k, 173_200, [NOW - timedelta(days=30 * k + 9)]) for k in range(9)]
    store_incidents(council, spots + scattered, now=NOW, state="cleared")
    with council.writing() as session:
        run_now(session, Actor(None, NOW), as_of=NOW)
        places.add(session, PlaceKind.PARK, "Central Park", PARK)
        places.add(session, PlaceKind.CAR_PARK, "Westgate", Point(*HOT).buffer(40))
    return council


def planned(store: Store, **wishes) -> patrol_sheet.PatrolSheet:
    wish = patrolling.PatrolWish(**TONIGHT, seed=1, **wishes)
    with store.reading() as session:
        made = patrolling.plan(session, wish, now=NOW)
    with store.writing() as session:
        return patrol_sheet.sheet(session, patrolling.keep(session, made))


LON, LAT = to_lonlat(*QUIET)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Central Park: the club closes at 9", "Central Park"),
        ("central  park", "Central Park"),
        ("TQ 5350 7400", "TQ 5350 7400"),
        ("553500 174000", "TQ 5350 7400"),
        (f"{LAT:.6f}, {LON:.6f}", "TQ 535[0-9] 7[34][09]0"),
        (f"{LON:.6f}, {LAT:.6f}", "TQ 535[0-9] 7[34][09]0"),
    ],
)
def test_any_place_can_be_included_however_it_is_written(
    ground: Store, line: str, name: str
) -> None:
    sheet = planned(ground, include=(line,))
    there = [stop for stop in sheet.stops if stop.reason.startswith("Asked for")]
    assert there
    assert all(re.match(name, stop.name) for stop in there)
    with ground.reading() as session:
        stops = patrols.stops_of(session, [sheet.plan_id])
    assert {stop.identity_id for stop in stops if re.match(name, stop.name)} == {None}


def test_the_reason_stands_at_the_stop_with_what_was_found_there(ground: Store) -> None:
    sheet = planned(ground, include=("TQ 5350 7400: neighbours complain",))
    stop = next(stop for stop in sheet.stops if stop.name.startswith("TQ"))
    # two incidents 7 days apart, and the stop is 7 m from them
    assert stop.reason == "Asked for (neighbours complain); 2 incidents in 28 days, 2 in 12 months"
    assert "and the places asked for" in patrol_sheet.coverage_sentence(sheet.coverage)


def test_figures_of_a_place_are_its_own_dumps_and_none_of_a_hotspots(ground: Store) -> None:
    with ground.reading() as session:
        known = patrol_places(session, as_of=NOW)
        borough = shapely.box(552_000, 173_000, 556_000, 175_000)
        figures = with_place(known, "All", borough, as_of=NOW).places.loc["All"]
    # 20 at the hotspot are its own; 2 + 9 are left, 1 + 1 of them from the last 28 days
    assert figures["in_12_months"] == 11
    assert figures["in_28_days"] == 3


def test_a_place_at_a_hotspot_is_that_hotspot(ground: Store) -> None:
    with ground.reading() as session:
        known = patrol_places(session, as_of=NOW)
        wished = with_wished(session, known, ["Westgate: again"], [], now=NOW)
    assert wished.include == list(known.places.index)
    assert len(wished.ground.places) == len(known.places) == 1
    assert wished.ground.places["asked"].tolist() == ["Asked for (again)"]


@pytest.mark.parametrize(("metres", "is_kept"), [(90, False), (110, True)])
def test_no_team_stops_within_100_metres_of_a_place_to_avoid(
    ground: Store, metres: int, is_kept: bool
) -> None:
    with ground.reading() as session:
        known = patrol_places(session, as_of=NOW)
        x, y = known.places.geometry.iloc[0].x, known.places.geometry.iloc[0].y
        wished = with_wished(session, known, [], [f"{x + metres:.0f} {y:.0f}"], now=NOW)
    assert (wished.avoid == []) == is_kept


def test_a_dismissed_hotspot_is_not_patrolled_unless_it_is_asked_for(ground: Store) -> None:
    with ground.writing() as session:
        key = patrol_places(session, as_of=NOW).places.index[0]
        until = (NOW + timedelta(days=30)).date()
        hotspot_records.dismiss(session, Actor(None, NOW), key, until=until, reason="A depot")
        assert patrol_places(session, as_of=NOW).places.empty
    with pytest.raises(RefusedError, match="no hotspot to patrol"):
        planned(ground)
    sheet = planned(ground, include=("H-0001: look once more",))
    assert [stop.reason.split(";")[0] for stop in sheet.stops] == [
        "Asked for (look once more)"
    ] * len(sheet.stops)


@pytest.mark.parametrize(
    ("wishes", "list_", "words"),
    [
        ({"include": ("Nowhere",)}, "include", "'Nowhere' is no hotspot's code"),
        ({"avoid": ("H-0099",)}, "avoid", "there is no hotspot H-0099"),
        ({"include": ("TQ 6100 7400",)}, "include", "outside the borough"),
        ({"include": ("0.2, 52.9",)}, "include", "km outside the borough"),
        ({"include": ("Central Park: ask Mr Smith",)}, "include", "Mr Smith: personal data"),
        (
            {"include": ("Central Park",), "avoid": ("TQ 5470 7400",)},
            "avoid",
            "Central Park is to be included and to be avoided",
        ),
    ],
)
def test_a_place_that_cannot_be_is_refused_at_its_list(
    ground: Store, wishes: dict, list_: str, words: str
) -> None:
    with pytest.raises(PlaceRefusedError, match=words) as refusal:
        planned(ground, **wishes)
    assert refusal.value.wish == list_


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        (
            {"include": ("Central Park", "TQ 5350 7400"), "max_stops": 1},
            "2 places must be included.*include fewer, allow more stops, or add a team",
        ),
        (
            {"include": ("Central Park",), "mode": "foot", "start_place": "Westgate"}
            | {"ends_at": TONIGHT["starts_at"] + timedelta(minutes=60)},
            "Central Park cannot be included.*lengthen the shift, start nearer",
        ),
    ],
)
def test_what_does_not_fit_is_told_with_the_wish_to_relax(
    ground: Store, wishes: dict, words: str
) -> None:
    wish = patrolling.PatrolWish(**(TONIGHT | {"seed": 1} | wishes))
    with ground.reading() as session, pytest.raises(RefusedError, match=words):
        patrolling.plan(session, wish, now=NOW)


def test_nights_at_places_are_told_apart_by_their_names(ground: Store) -> None:
    first = planned(ground, include=("Central Park",))
    wish = patrolling.PatrolWish(
        starts_at=TONIGHT["starts_at"] + timedelta(days=1),
        ends_at=TONIGHT["ends_at"] + timedelta(days=1),
        seed=1,
        include=("Central Park",),
    )
    with ground.reading() as session:
        earlier = patrolling._earlier_stops(session, wish.starts_at)
        second = patrolling.plan(session, wish, now=NOW)
    assert "Central Park" in set(earlier[-1]["place"])
    orders = [
        [(stop.name, f"{stop.arrives_at:%H:%M}") for stop in first.stops],
        [(stop["name"], f"{stop['arrives_at']:%H:%M}") for stop in second.stops],
    ]
    assert orders[0] != orders[1]


@time_machine.travel(NOW)
def test_a_place_is_on_the_page_the_papers_and_in_the_visit_log(ground: Store, signed_in) -> None:
    officer = signed_in("officer")
    lines = {"include": "Central Park: the club closes at 9\r\n", "avoid": "TQ 5200 7300: works"}
    answer = ask(officer, **FORM | lines)
    page = officer.get(answer.location).text
    assert "To be included: Central Park: the club closes at 9." in page
    assert "To be kept away from: TQ 5200 7300: works." in page
    key = int(answer.location.rsplit("/", 1)[1])
    with ground.reading() as session:
        sheet = patrol_sheet.sheet(session, key)
    stop = next(stop for stop in sheet.stops if stop.name == "Central Park")
    gpx = ET.fromstring(officer.get(f"/patrols/{key}.gpx").data)
    assert any("Central Park" in (name.text or "") for name in gpx.findall(".//{*}name"))
    layer = officer.get(f"/patrols/{key}.geojson").json
    assert "Central Park" in {feature["properties"].get("name") for feature in layer["features"]}
    assert officer.get(f"/patrols/{key}.pdf").status_code == 200
    visit = {"arrived": "11:30", "seen": "yes", "cylinders": "1", "key": "k" * 20}
    saved = officer.post(f"/patrols/stops/{stop.id}", data=visit)
    page = officer.get(saved.location).text
    assert "The visit to Central Park is saved." in page
    assert f"1 of {len(sheet.stops)} planned stops" in page


@time_machine.travel(NOW)
def test_a_refused_place_is_told_at_its_field_and_nothing_typed_is_lost(
    ground: Store, signed_in
) -> None:
    lines = {"include": "Central Park: x", "avoid": "Nowhere: y"}
    page = Page.of(ask(signed_in("officer"), **FORM | lines))
    assert [link.href for link in page.error_summary] == ["#avoid"]
    assert (page.value("include"), page.value("avoid")) == ("Central Park: x", "Nowhere: y")


def test_the_command_takes_the_same_words(ground: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    url = ground.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("HOTSPOTS_DATABASE_URL", url)
    line = "plan-patrol --date 2026-11-24 --start 21:00 --end 23:30 --seed 3 --json"
    command = line.split(" ")
    options = ["--include", "Central Park: a complaint", "--avoid", "552500 174000"]
    result = CliRunner().invoke(cli, command + options)
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert {stop["name"] for stop in document["stops"]} == {"Central Park"}
    assert document["asked"]["include"] == ["Central Park: a complaint"]
    refused = CliRunner().invoke(cli, [*command, "--include", "Nowhere"])
    assert refused.exit_code == 1
    assert "'Nowhere' is no hotspot's code" in str(refused.exception)
