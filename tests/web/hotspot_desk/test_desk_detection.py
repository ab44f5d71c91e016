"""Detection from the desk: run, set, repeat, compare, and doubt."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import shapely
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, update

from geodata import detections
from geodata.models import AuditEntry, Hotspot, Incident, Report, Street
from geodata.people.audit import Actor
from geodata.store.engine import Store
from hotspots.detection import DetectionParams
from tests.filled_stores import filled_once
from tests.web.desk import run_now, scattered, store_incidents, weekly
from tests.web.page import Page
from web.services.detection import detection_settings, run_comparison
from web.services.hotspots import repeating

NOW = datetime(2026, 7, 31, 12, tzinfo=UTC)
ACTOR = Actor(None, NOW)
RUN = "/officer/hotspots/detection/run"
PARAMETERS = "/officer/hotspots/detection/parameters"
DETECTION = "/officer/hotspots/detection"


@pytest.fixture
@filled_once
def desk(council: Store) -> Store:
    spots = [(553_000, 174_000, weekly(12, NOW - timedelta(days=3)))]
    store_incidents(council, spots + scattered(NOW), now=NOW)
    return council


@pytest.fixture
def officer(desk: Store, signed_in) -> Iterator[FlaskClient]:
    """Signed in, with the clock at NOW."""
    with time_machine.travel(NOW):
        yield signed_in("officer")


def run(store: Store, **days: int) -> int:
    with store.writing() as session:
        done = run_now(session, ACTOR, as_of=NOW - timedelta(**days))
    return done.run_id


def test_an_officer_runs_detection_and_sees_what_it_found(officer: FlaskClient) -> None:
    answer = officer.post(RUN, data={"day": ""}, follow_redirects=True)
    assert "Run 1: 1 hotspot among 42 incidents." in answer.text


@pytest.mark.parametrize(
    ("day", "words"), [("2026-08-01", "is in the future"), ("June", "is no day")]
)
def test_a_day_that_cannot_be_seen_is_refused(officer: FlaskClient, day: str, words: str) -> None:
    answer = officer.post(RUN, data={"day": day})
    assert answer.status_code == 400
    assert words in answer.text


def test_a_past_day_is_seen_to_its_end_and_not_beyond(desk: Store, officer: FlaskClient) -> None:
    officer.post(RUN, data={"day": "2026-07-14"})  # two incidents of the hotspot come later
    with desk.reading() as session:
        made = detections.latest_run(session)
        assert made.as_of == datetime(2026, 7, 14, 22, 59, 59, tzinfo=UTC)
        # Of the 42, those of 21 and 28 July, and scattered ones of 31 and 19 July, come later.
        assert made.incidents == 38


def test_parameters_are_kept_with_what_they_were(desk: Store, officer: FlaskClient) -> None:
    form = detection_form() | {"months": "24", "radii_m": "25, 100"}
    assert officer.post(PARAMETERS, data=form).status_code == 302
    with desk.reading() as session:
        chosen = detection_settings.current(session)
        assert chosen == DetectionParams(months=24, radii_m=(25.0, 100.0))
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.entity != "account"))
        assert (entry.before, entry.after["months"]) == (None, 24)


def test_what_places_are_held_against_can_be_chosen_and_is_said(
    desk: Store, officer: FlaskClient
) -> None:
    page = Page.of(officer.get(DETECTION))
    assert page.table("Parameters of the next run").column("Value")[8] == "Its surroundings"
    officer.post(PARAMETERS, data=detection_form() | {"null": "even"})
    page = Page.of(officer.get(DETECTION))
    assert page.table("Parameters of the next run").column("Value")[8] == "Even ground"
    run(desk)
    assert "if they fell anywhere in the borough alike" in officer.get("/officer/hotspots").text
    officer.post(PARAMETERS, data=detection_form() | {"null": "surroundings"})
    run(desk)
    assert "like the ground round about it" in officer.get("/officer/hotspots").text


def streets_in(store: Store) -> None:
    """Alike in the whole borough."""
    with store.writing() as session:
        for y in range(173_100, 175_000, 200):
            line = shapely.LineString([(552_000, y), (556_000, y)])
            session.add(Street(geometry=line))


def test_streets_can_be_what_dumping_follows_and_the_run_keeps_them(
    desk: Store, officer: FlaskClient
) -> None:
    assert Page.of(officer.get(PARAMETERS)).fields["exposure"].value == ""
    streets_in(desk)
    form = detection_form() | {"exposure": "streets"}
    assert officer.post(PARAMETERS, data=form).status_code == 302
    table = Page.of(officer.get(DETECTION)).table("Parameters of the next run")
    assert table.column("Value")[-1] == "Length of street (10 streets in the store)"
    key = run(desk)
    with desk.reading() as session:
        made = detections.find_run(session, key)
        assert (made.params["exposure"], made.params["exposure_features"]) == ("streets", 10)
        ((hotspot, _),) = detections.hotspots_of(session, key)
        assert hotspot.evidence["null"] == "its surroundings, in proportion to length of street"
        assert repeating.repeat(session, key).is_same
    kept = Page.of(officer.get(f"/officer/hotspots/runs/{key}")).table("Parameters")
    values = dict(zip(kept.column("What"), kept.column("Value"), strict=True))
    assert values["What dumping follows"] == "Streets of this store"
    assert (values["What is counted of it"], values["How many were looked at"]) == (
        "length of street",
        "10",
    )
    assert len(values["Fingerprint of these"]) == 16
    assert "in proportion to the length of street" in officer.get("/officer/hotspots").text
    streets_in(desk)
    with desk.reading() as session:
        again = repeating.repeat(session, key)
    assert (again.is_same, "has changed since" in again.sentence) == (False, True)


def test_an_exposure_that_was_taken_out_is_told_by_the_run_and_can_be_chosen_anew(
    desk: Store, officer: FlaskClient
) -> None:
    streets_in(desk)
    officer.post(PARAMETERS, data=detection_form() | {"exposure": "streets"})
    with desk.writing() as session:
        session.execute(delete(Street))
    run(desk)
    assert "in the store no more: choose anew" in officer.get("/officer/hotspots").text
    answer = officer.post(PARAMETERS, data=detection_form() | {"exposure": "import:9"})
    assert answer.status_code == 400
    assert officer.post(PARAMETERS, data=detection_form() | {"exposure": ""}).status_code == 302
    with desk.reading() as session:
        assert detection_settings.exposure(session) == ""


def test_places_that_recur_as_chance_may_have_it_are_listed_apart(
    council: Store, signed_in
) -> None:
    """Three nights in three weeks among a dozen scattered ones: recurrence, and no more."""
    rng = np.random.default_rng(4)
    town = [
        (x, y, [NOW - timedelta(days=float(day), hours=3)])
        for x, y, day in zip(
            rng.normal(555_000, 120, 80),
            rng.normal(174_000, 120, 80),
            rng.permutation(np.arange(1, 321, 4)),
            strict=True,
        )
    ]
    store_incidents(council, town, now=NOW)
    run(council)
    with time_machine.travel(NOW):
        page = Page.of(signed_in("officer").get("/officer/hotspots"))
    column = page.table("Most nights first").column("Nights")
    nights = [int(text.removeprefix("Nights ")) for text in column]
    assert nights == sorted(nights, reverse=True)
    assert min(nights) >= 3


def detection_form() -> dict[str, str]:
    params = DetectionParams()
    return {k: str(v) for k, v in vars(params).items()} | {"radii_m": "25, 50, 75, 100, 150"}


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("months", "0", "Months searched"),
        ("radii_m", "25, 400", "up to 150"),
        ("radii_m", "wide", "Enter numbers with commas"),
        ("alpha", "1.5", "above 0, below 1"),
        ("n_simulations", "5", "99 to 99,999"),
    ],
)
def test_a_parameter_out_of_its_limits_is_refused_at_its_field(
    desk: Store, officer: FlaskClient, field: str, value: str, words: str
) -> None:
    answer = officer.post(PARAMETERS, data=detection_form() | {field: value})
    assert answer.status_code == 400
    assert words in Page.of(answer).fields[field].error
    with desk.reading() as session:
        assert detection_settings.current(session) == DetectionParams()


def test_a_run_made_again_from_its_record_has_the_same_hotspots(desk: Store) -> None:
    with desk.writing() as session:
        detection_settings.save(session, ACTOR, DetectionParams(months=9, n_simulations=199))
    key = run(desk, days=10)
    with desk.writing() as session:
        detection_settings.save(session, ACTOR, DetectionParams())  # the record's are what counts
        assert repeating.repeat(session, key) == repeating.Repetition(
            True, "Repeated: all 1 hotspots came out the same."
        )


def test_a_record_that_has_changed_since_is_said(desk: Store) -> None:
    key = run(desk, days=0)
    with desk.writing() as session:
        hotspot = session.scalars(select(Hotspot)).one()
        hotspot.q_value += 0.01
        session.flush()
        assert "comes out differently" in repeating.repeat(session, key).sentence
        gone = session.scalars(select(Incident).order_by(Incident.id)).first()
        gone.merged_into_id = gone.id + 1
        session.flush()
        again = repeating.repeat(session, key)
    assert not again.is_same
    assert "saw 42 incidents, today there are 41" in again.sentence


def test_two_runs_differ_in_what_they_were_asked_and_found(desk: Store) -> None:
    first = run(desk, days=25)
    with desk.writing() as session:
        detection_settings.save(session, ACTOR, DetectionParams(months=6))
    second = run(desk, days=0)
    with desk.reading() as session:
        compared = run_comparison.compare_runs(session, first, second)
    assert compared.differing_params == [("months", 12, 6)]
    (row,) = compared.hotspots
    # Incidents up to 6 July: 12 less those of 28, 21, 14 and 7 July (6 July noon is 25 days back)
    assert (row.first.incidents, row.second.incidents, row.what) == (8, 12, "+4 dumps")


def test_widths_and_radii_are_told_in_plain_metres_on_every_page(
    desk: Store, officer: FlaskClient
) -> None:
    first = run(desk, days=25)
    officer.post(PARAMETERS, data=detection_form() | {"max_width_m": "212.5"})
    second = run(desk)
    runs = f"/officer/hotspots/runs/compare?first={first}&second={second}"
    tables = {
        "Parameters of the next run": (DETECTION, "Value", ["212.5 m"]),
        "Parameters": (f"/officer/hotspots/runs/{first}", "Value", ["300 m"]),
        "Parameters that differ": (runs, f"Run {first}", ["300 m"]),
    }
    for caption, (path, column, widths) in tables.items():
        table = Page.of(officer.get(path)).table(caption)
        rows = dict(zip(table.column("What"), table.column(column), strict=True))
        assert [rows[what] for what in rows if what.startswith("Width of one hotspot")] == widths
    rows = Page.of(officer.get(f"/officer/hotspots/runs/{first}")).table("Parameters")
    assert "25, 50, 75, 100, 150 m" in rows.column("Value")
    officer.post(PARAMETERS, data=detection_form())
    fields = Page.of(officer.get(PARAMETERS)).fields
    assert (fields["max_width_m"].value, fields["min_rate_ratio"].value) == ("300", "3")


def test_two_runs_are_compared_in_time_whichever_was_chosen_first(desk: Store) -> None:
    earlier = run(desk, days=25)
    later = run(desk, days=0)
    with desk.reading() as session:
        one, other = (
            run_comparison.compare_runs(session, *pair)
            for pair in ((later, earlier), (earlier, later))
        )
    assert [(c.first.id, c.second.id) for c in (one, other)] == [(earlier, later)] * 2
    assert [[row.what for row in c.hotspots] for c in (one, other)] == [["+4 dumps"]] * 2


def test_one_keen_reporter_is_marked_for_the_officer(desk: Store) -> None:
    with desk.writing() as session:
        for incident in session.scalars(select(Incident).order_by(Incident.id)):
            is_spot = (incident.geometry.x, incident.geometry.y) == (553_000, 174_000)
            session.add(
                Report(
                    reference=f"R{incident.id}",
                    reported_at=incident.first_reported_at,
                    recorded_at=incident.first_reported_at,
                    geometry=incident.geometry,
                    source="public",
                    channel="email" if is_spot else "web",
                    charger_band="unknown",
                    incident_id=incident.id,
                )
            )
    run(desk, days=0)
    assert "12 of 12 incidents lie at exactly 553000, 174000" in suspicion(desk)
    assert "12 of 12 reports came by one channel (email), elsewhere 0%" in suspicion(desk)
    with desk.writing() as session:
        session.execute(update(Report).values(channel="web"))
    run(desk, days=0)
    assert "one channel" not in suspicion(desk)


def suspicion(desk: Store) -> str:
    """What the newest run says against its only suspected hotspot."""
    newest = select(func.max(Hotspot.run_id)).scalar_subquery()
    query = select(Hotspot.suspicion).where(
        Hotspot.run_id == newest, Hotspot.suspicion.is_not(None)
    )
    with desk.reading() as session:
        return session.scalars(query).one() or ""


def test_only_officers_may_run_it(desk: Store, client: FlaskClient, signed_in) -> None:
    crew = signed_in("contractor")
    for path in (RUN, PARAMETERS, "/officer/hotspots/runs/1/repeat"):
        assert client.post(path).status_code == 302
        assert crew.post(path).status_code == 403
