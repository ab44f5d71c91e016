"""An officer plans tonight's patrol, takes the sheet along, and logs what happened."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pypdfium2
import pytest
import shapely
import time_machine
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import select

from geodata import patrols
from geodata.core.errors import RefusedError
from geodata.core.geography import to_lonlat
from geodata.models import Incident, Order, OrderVersion, Report
from geodata.store import settings
from geodata.store.engine import Store
from hotspots.detection import DetectionParams
from tests.filled_stores import filled_once
from tests.taking_in import import_file
from tests.web.page import Page
from tests.web.patrol_shift import FORM, NOW, TOLD, TONIGHT, ask, plan_waiting
from web.cli import hotspots as cli
from web.services.detection import detecting
from web.services.incidents.linking import relink
from web.services.patrols import patrol_sheet, patrolling


@pytest.fixture
@filled_once
def spots(council: Store, tmp_path: Path) -> Store:
    """Two hotspots 1.5 km apart, twelve incidents each, and their detection."""
    rows = [
        f"2026-0{month}-{day:02},{x},174000"
        for x in (552_500, 554_000)
        for month in (6, 7, 8, 9)
        for day in (2, 11, 20)
    ]
    path = tmp_path / "reports.csv"
    path.write_text("Date,Easting,Northing\n" + "\n".join(rows))
    with council.writing() as session:
        import_file(session, "reports", path, now=NOW)
        relink(session, now=NOW)
        detecting.run(session, DetectionParams(n_simulations=99), as_of=NOW, now=NOW)
    return council


def planned(store: Store, seed: int = 1, days: int = 0, **wishes) -> int:
    shift = {name: at + timedelta(days=days) for name, at in TONIGHT.items()}
    wish = patrolling.PatrolWish(**shift, seed=seed, **wishes)
    with store.reading() as session:
        made = patrolling.plan(session, wish, now=NOW)
    with store.writing() as session:
        return patrolling.keep(session, made)


def test_a_plan_is_kept_with_what_makes_it_again(spots: Store) -> None:
    keys = [planned(spots, seed=5), planned(spots, seed=5)]
    with spots.reading() as session:
        one, two = (patrol_sheet.sheet(session, key) for key in keys)
    assert [s.name for s in one.stops] == [s.name for s in two.stops]
    assert [s.arrives_at for s in one.stops] == [s.arrives_at for s in two.stops]
    assert one.seed == 5
    assert one.params["teams"] == [2]
    assert 0 < one.coverage["share"] < 1
    assert all("12 in 12 months" in stop.reason for stop in one.stops)


def test_the_night_before_is_not_repeated(spots: Store) -> None:
    tonight, tomorrow = (planned(spots, seed=5, days=n) for n in (0, 1))
    with spots.reading() as session:
        nights = [
            [(s.name, f"{s.arrives_at:%H:%M}") for s in patrols.stops_of(session, [key])]
            for key in (tonight, tomorrow)
        ]
        coverage = patrol_sheet.sheet(session, tomorrow).coverage
    assert nights[0] != nights[1]
    assert coverage["plans"] == 2
    assert coverage["unpredictability"] > 0


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"teams": (1,)}, "team 1 has one: put two officers together"),
        ({"include": ("H-9999",)}, "there is no hotspot H-9999"),
        ({"start_place": "Nowhere"}, "no place called 'Nowhere'"),
        ({"dwell_min": 5}, "dwell_min is 5"),
    ],
)
def test_a_wish_that_cannot_be_granted_is_refused_in_words(
    spots: Store, wishes: dict, words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        planned(spots, **wishes)


def test_without_hotspots_the_next_step_is_said(council: Store) -> None:
    with pytest.raises(RefusedError, match="hotspots detect"):
        planned(council)


def test_the_sheet_tells_of_orders_in_force_and_whom_to_call(spots: Store) -> None:
    area = shapely.MultiPolygon([shapely.box(552_000, 173_000, 553_000, 175_000)])
    with spots.writing() as session:
        settings.write(session, patrol_sheet.CONTACTS, [["Control room", "01632 960001"]])
        for name, change, first, last in (
            ("Town order", "made", date(2024, 2, 1), date(2027, 1, 31)),
            ("Old order", "made", date(2021, 2, 1), date(2024, 1, 31)),
            ("Ended order", "discharged", date(2026, 1, 1), None),
        ):
            order = Order(name=name)
            session.add(order)
            session.flush()
            session.add(
                OrderVersion(
                    order_id=order.id,
                    number=1,
                    change=change,
                    geometry=area,
                    valid_from=first,
                    valid_to=last,
                )
            )
    key = planned(spots)
    with spots.reading() as session:
        sheet = patrol_sheet.sheet(session, key)
    assert [(o.name, o.valid_to) for o in sheet.orders] == [("Town order", date(2027, 1, 31))]
    assert sheet.contacts == (("Control room", "01632 960001"),)
    clock = [f"{moment:%H:%M}" for moment in sheet.check_ins]
    assert clock == ["21:00", "22:00", "23:00", "00:00"]


def test_gpx_holds_every_stop_in_order(spots: Store) -> None:
    key = planned(spots)
    with spots.reading() as session:
        sheet = patrol_sheet.sheet(session, key)
    points = ET.fromstring(patrol_sheet.as_gpx(sheet)).findall(".//{*}rtept")
    assert len(points) == len(sheet.stops) > 0
    for point, stop in zip(points, sheet.stops, strict=True):
        # 552500 is 0.19299 E and 554000 is 0.21456 E at this northing
        assert float(point.attrib["lon"]) == pytest.approx(
            0.19299 if stop.easting < 553_000 else 0.21456, abs=2e-3
        )


@time_machine.travel(NOW)
def test_an_officer_plans_a_shift_and_logs_a_visit(spots: Store, signed_in) -> None:
    officer: FlaskClient = signed_in("officer")
    assert "No shift has been planned" in officer.get("/patrols").text
    assert Page.of(officer.get("/patrols/new")).value("start") == "20:00"
    answer = ask(officer, **FORM)
    page = Page.of(officer.get(answer.location))
    assert "of the dumping expected" in page.text
    assert "Of 240 minutes" in page.text
    assert "The limit is" in page.text
    stop = next(link.href for link in page.links if link.href.startswith("/patrols/stops/"))
    assert officer.get(stop).status_code == 200
    visit = TOLD | {"chargers": "12", "cylinders": "2"}
    saved = officer.post(stop, data=visit)
    assert saved.status_code == 302
    page = officer.get(saved.location).text
    assert "Next: 1." in page
    assert "12 chargers, 2 large cylinders" in page
    assert "1 of " in page
    again = officer.post(stop, data=visit | {"chargers": "30"})
    assert again.status_code == 400
    assert "logged already" in again.text


@time_machine.travel(NOW)
def test_a_button_pressed_twice_makes_one_plan_and_a_new_page_another(
    spots: Store, signed_in
) -> None:
    officer: FlaskClient = signed_in("officer")
    sent = FORM | {"seed": Page.of(officer.get("/patrols/new")).value("seed")}
    first, second = (officer.post("/patrols/new", data=sent).location for _ in range(2))
    assert first == second
    assert plan_waiting(officer) == 1
    plan = officer.get(first).location
    assert ask(officer, **sent).location == plan  # also when it is there
    sent["seed"] = Page.of(officer.get("/patrols/new")).value("seed")
    assert ask(officer, **sent).location not in (plan, None)


@time_machine.travel(NOW)
def test_the_page_says_how_far_a_shift_is_and_the_list_has_it_meanwhile(
    spots: Store, signed_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer: FlaskClient = signed_in("officer")
    at = officer.post("/patrols/new", data=FORM).location
    waits = officer.get(at)
    assert waits.headers["Refresh"] == "2"
    assert "A shift waits to be planned" in waits.text
    (row,) = Page.of(officer.get("/patrols")).table("Shifts that were asked for").rows
    assert row["State"] == "Waits for the background work"
    seen = []
    search = patrolling.plan_patrol

    def looking(*args: object, on_search: Callable[[], None], **known: object) -> object:
        def on_search_and_look() -> None:
            on_search()
            seen.append(Page.of(officer.get(at)).text)

        return search(*args, on_search=on_search_and_look, **known)

    monkeypatch.setattr(patrolling, "plan_patrol", looking)
    plan_waiting(officer)
    # Reading is the first step; six searches and the one for an hour more are the seven others.
    assert [f"step {n} of 8" in text for n, text in enumerate(seen, 2)] == [True] * 7
    assert "Shifts that were asked for" not in officer.get("/patrols").text
    assert officer.get("/patrols/being-planned/none").status_code == 404


class KilledError(BaseException):
    """A process that ends in the middle of its work."""


def test_a_shift_whose_process_was_killed_failed_and_can_be_tried_again(
    spots: Store, signed_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KilledError

    with time_machine.travel(NOW):
        officer: FlaskClient = signed_in("officer")
        at = officer.post("/patrols/new", data=FORM).location
        with monkeypatch.context() as patch:
            patch.setattr(patrolling, "plan_patrol", killed)
            with pytest.raises(KilledError):
                plan_waiting(officer)
        assert "is being planned" in officer.get(at).text  # it may still live
        assert plan_waiting(officer) == 0
    with time_machine.travel(NOW + timedelta(minutes=3)):
        failed = officer.get(at)
        assert "Refresh" not in failed.headers
        assert "ended while it was made. Nothing of it was kept." in failed.text
        assert officer.post(f"{at}/again").location == at
        assert plan_waiting(officer) == 1
        assert officer.get(officer.get(at).location).status_code == 200


@time_machine.travel(NOW)
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"start": "late"}, "Enter a time such as 20:30"),
        ({"teams": "two"}, "Enter the officers in each team"),
        ({"dwell_min": "40"}, "Enter 10 to 16"),
    ],
)
def test_a_bad_form_comes_back_with_a_sentence_and_what_was_typed(
    spots: Store, signed_in, change: dict, words: str
) -> None:
    answer = signed_in("officer").post("/patrols/new", data=FORM | change)
    assert answer.status_code == 400
    assert words.casefold() in answer.text.casefold()
    ((field, typed),) = change.items()
    assert Page.of(answer).value(field) == typed


@time_machine.travel(NOW)
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"teams": "1"}, "each team needs at least 2 officers"),
        ({"end": "20:05"}, "no stop fits"),
    ],
)
def test_what_cannot_be_planned_comes_back_in_the_form_and_leads_to_a_plan(
    spots: Store, signed_in, change: dict, words: str
) -> None:
    officer: FlaskClient = signed_in("officer")
    answer = ask(officer, **FORM | change)
    page = Page.of(answer)
    assert words.casefold() in answer.text.casefold()
    assert [link.href for link in page.error_summary] == ["#start"]
    ((field, typed),) = change.items()
    assert page.value(field) == typed
    assert 'action="/patrols/new"' in answer.text
    (row,) = Page.of(officer.get("/patrols")).table("Shifts that were asked for").rows
    assert row["State"] == "Refused: see why"
    plan = ask(officer, **FORM, seed=page.value("seed")).location
    assert "Patrol of" in officer.get(plan).text


@time_machine.travel(NOW)
def test_a_visit_that_ends_before_it_begins_is_refused(spots: Store, signed_in) -> None:
    key = planned(spots)
    with spots.reading() as session:
        stop = patrols.stops_of(session, [key])[0].id
    visit = TOLD | {"left": "11:20", "seen": "no"}
    answer = signed_in("officer").post(f"/patrols/stops/{stop}", data=visit)
    assert answer.status_code == 400
    assert "before you arrived" in answer.text


def first_stop(store: Store, key: int):
    with store.reading() as session:
        return patrols.stops_of(session, [key])[0]


@time_machine.travel(NOW)
def test_canisters_seen_at_a_stop_become_one_report_however_often_it_is_sent(
    spots: Store, signed_in
) -> None:
    stop = first_stop(spots, planned(spots))
    officer = signed_in("officer")
    for _ in range(2):
        saved = officer.post(f"/patrols/stops/{stop.id}", data=TOLD | {"cylinders": "2"})
        assert saved.status_code == 302
    with spots.reading() as session:
        seen = session.scalars(select(Report).where(Report.channel == "patrol")).one()
        incident = session.get(Incident, seen.incident_id)
        visits = patrols.visits_of(session, stop.plan_id)
    assert len(visits) == 1
    assert (seen.source, seen.cylinders, seen.charger_band) == ("officer", 2, "unknown")
    assert seen.reported_at == datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
    assert seen.geometry.equals(stop.geometry)
    assert incident.state == "open"
    assert incident.due_at is None  # nobody of the public waits: no clock runs
    assert f"reported as {seen.reference}" in officer.get(saved.location).text


@time_machine.travel(NOW)
@pytest.mark.parametrize("seen", ["no", "unknown"])
def test_nothing_seen_is_no_report(spots: Store, signed_in, seen: str) -> None:
    stop = first_stop(spots, planned(spots))
    signed_in("officer").post(f"/patrols/stops/{stop.id}", data=TOLD | {"seen": seen})
    with spots.reading() as session:
        assert len(patrols.visits_of(session, stop.plan_id)) == 1
        assert session.scalars(select(Report).where(Report.channel == "patrol")).all() == []


@time_machine.travel(NOW)
@pytest.mark.parametrize(("away_m", "is_taken"), [(30, True), (1_000, False)])
def test_the_devices_position_is_taken_at_the_stop_and_not_at_the_desk(
    spots: Store, signed_in, away_m: float, is_taken: bool
) -> None:
    stop = first_stop(spots, planned(spots))
    lon, lat = to_lonlat(stop.geometry.x, stop.geometry.y + away_m)
    device = {"longitude": f"{lon:.6f}", "latitude": f"{lat:.6f}", "accuracy_m": "8.0"}
    signed_in("officer").post(f"/patrols/stops/{stop.id}", data=TOLD | device)
    with spots.reading() as session:
        seen = session.scalars(select(Report).where(Report.channel == "patrol")).one()
    expected_m, accuracy_m = (away_m, 8.0) if is_taken else (0, 50.0)
    assert seen.geometry.distance(stop.geometry) == pytest.approx(expected_m, abs=0.2)
    assert seen.accuracy_m == accuracy_m


@time_machine.travel(NOW)
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seen": "no", "chargers": "3"}, "You counted canisters"),
        ({"grid_ref": "TQ"}, "grid reference"),
        ({"longitude": "-3.2", "latitude": "55.9", "accuracy_m": "5"}, "outside the borough"),
    ],
)
def test_a_visit_that_cannot_be_is_given_back_with_a_sentence(
    spots: Store, signed_in, change: dict, words: str
) -> None:
    stop = first_stop(spots, planned(spots))
    answer = signed_in("officer").post(f"/patrols/stops/{stop.id}", data=TOLD | change)
    assert answer.status_code == 400
    assert words in answer.text
    assert "55.9" not in Page.of(answer).typed  # what cannot be seen cannot be mended


@time_machine.travel(NOW)
def test_a_visit_elsewhere_is_logged_reported_once_and_shown(spots: Store, signed_in) -> None:
    key = planned(spots)
    officer = signed_in("officer")
    assert officer.get(f"/patrols/{key}/elsewhere").status_code == 200
    nowhere = officer.post(f"/patrols/{key}/elsewhere", data=TOLD)
    assert nowhere.status_code == 400
    assert "Say where" in nowhere.text
    visit = TOLD | {"grid_ref": "TQ 5320 7410", "chargers": "60"}
    for _ in range(2):
        saved = officer.post(f"/patrols/{key}/elsewhere", data=visit)
        assert saved.status_code == 302
    page = officer.get(saved.location).text
    assert page.count("about 60 chargers") == 1
    assert "TQ 5320 7410" in page
    with spots.reading() as session:
        seen = session.scalars(select(Report).where(Report.channel == "patrol")).one()
    # TQ is 500 km east and 100 km north: the middle of its 10 m square
    assert (seen.geometry.x, seen.geometry.y) == (553_205, 174_105)
    assert seen.charger_band == "51_to_100"


def test_papers_and_map_of_a_plan_are_served_to_officers_only(
    spots: Store, signed_in, client: FlaskClient
) -> None:
    key = planned(spots)
    officer, crew = signed_in("officer"), signed_in("contractor")
    for path in (f"{key}", f"{key}.pdf", f"{key}.gpx", f"{key}.js", f"{key}.geojson", "new"):
        assert officer.get(f"/patrols/{path}").status_code == 200
        assert crew.get(f"/patrols/{path}").status_code == 403
        assert client.get(f"/patrols/{path}").status_code == 302
    (page,) = pypdfium2.PdfDocument(officer.get(f"/patrols/{key}.pdf").data)
    text = page.get_textpage().get_text_range()
    assert "Patrol sheet: team 1" in text
    assert re.search(r"\b\d+ m\b", text)  # the map's bar
    assert officer.get("/patrols/999").status_code == 404


def test_nothing_on_a_sheet_speaks_of_penalties(spots: Store, signed_in) -> None:
    page = Page.of(signed_in("officer").get(f"/patrols/{planned(spots)}")).text
    assert not re.search(r"\b(FPN|penalt|fine[sd]?\b|target)", page, re.IGNORECASE)


@pytest.fixture
def busy(spots: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store that somebody else writes to while a plan is being searched for."""
    search = patrolling.plan_patrol

    def slow_search(*args, **wishes):
        with spots.writing() as other:
            settings.write(other, "written_meanwhile", True)
        return search(*args, **wishes)

    monkeypatch.setattr(patrolling, "plan_patrol", slow_search)
    url = spots.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("HOTSPOTS_DATABASE_URL", url)
    return spots


@time_machine.travel(NOW)
def test_others_write_while_a_shift_is_planned_on_its_page(busy: Store, signed_in) -> None:
    ask(signed_in("officer"), **FORM)
    with busy.reading() as session:
        assert settings.read(session, "written_meanwhile") is True
        assert len(patrols.newest_plans(session)) == 1


def test_others_write_while_a_shift_is_planned_by_command(busy: Store) -> None:
    command = "plan-patrol --date 2026-11-24 --start 21:00 --end 23:30 --seed 3"
    result = CliRunner().invoke(cli, command.split())
    assert result.exit_code == 0, result.output
    with busy.reading() as session:
        assert settings.read(session, "written_meanwhile") is True


def test_the_command_plans_past_midnight_and_prints_json(
    spots: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = spots.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("HOTSPOTS_DATABASE_URL", url)
    command = "plan-patrol --date 2026-11-24 --start 21:00 --end 00:30 --teams 2 --seed 3 --json"
    result = CliRunner().invoke(cli, command.split())
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert document["starts_at"] == "2026-11-24T21:00:00+00:00"
    assert document["ends_at"] == "2026-11-25T00:30:00+00:00"
    assert {stop["team"] for stop in document["stops"]} <= {1, 2}
    assert len(document["stops"]) > 0
