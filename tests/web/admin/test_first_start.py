"""A manager is led through an empty store, and the command lists the same."""

import io
import json
from datetime import UTC, date, datetime

import geopandas as gpd
import pytest
import shapely
from click.testing import CliRunner
from flask.testing import FlaskClient

from geodata import places
from geodata.accounts import users
from geodata.accounts.rights import Rights
from geodata.clearances import contracts
from geodata.core.vocabulary import PlaceKind
from geodata.rules import council
from geodata.store.engine import Store
from tests.passwords import hashed
from tests.web.conftest import CONFIG, PASSWORD, make_app
from tests.web.page import Page
from web.cli import hotspots
from web.services.settings.first_steps import StepState, steps

NOW = datetime(2026, 6, 13, 12, tzinfo=UTC)


def wards() -> io.BytesIO:
    west, east = (
        shapely.box(552_000, 173_000, 554_000, 175_000),
        shapely.box(554_000, 173_000, 556_000, 175_000),
    )
    frame = gpd.GeoDataFrame({"name": ["West", "East"]}, geometry=[west, east], crs=27700)
    return io.BytesIO(frame.to_crs(4326).to_json().encode())


@pytest.fixture
def manager(geopackage: Store) -> FlaskClient:
    with geopackage.writing() as session:
        users.add(session, "m", hashed(PASSWORD), "manager", now=NOW, may_read_enforcement=True)
    client = make_app(geopackage).test_client()
    begun = client.post("/sign-in", data={"name": "m", "password": PASSWORD})
    assert begun.location == "/admin/start"
    return client


def states(store: Store) -> dict[str, str]:
    with store.reading() as session:
        return {step.name: step.state.value for step in steps(session, CONFIG, now=NOW)}


def test_an_empty_store_lacks_everything_and_says_where_to_mend_it(
    manager: FlaskClient, geopackage: Store
) -> None:
    by_name = states(geopackage)
    absent = {name for name, state in by_name.items() if state == StepState.MISSING}
    assert absent == {
        "name",
        "area",
        "wards",
        "contractor",
        "amounts",
        "issuers",
        "accounts",
        "mail",
        "addresses",
        "privacy",
        "site",
    }
    page = Page.of(manager.get("/admin/start"))
    assert f"{len(absent)} of {len(by_name)} are missing" in page.text


def test_every_step_leads_to_a_page_that_a_manager_may_open(
    manager: FlaskClient, geopackage: Store
) -> None:
    with geopackage.reading() as session:
        addresses = {each.page for each in steps(session, CONFIG, now=NOW) if each.page}
    assert {manager.get(address).status_code for address in addresses} == {200}


def test_one_account_is_one(manager: FlaskClient) -> None:
    page = Page.of(manager.get("/admin/start"))
    assert "1 account, which may give it to others" in page.text


@pytest.mark.parametrize(
    ("last_day", "words"), [("", "and 1 day of"), ("2026-12-28", "and 5 days of")]
)
def test_a_closure_counts_each_of_its_days(manager: FlaskClient, last_day: str, words: str) -> None:
    closure = {"valid_from": "2026-12-24", "valid_to": last_day, "source": "Notice of 1 May"}
    manager.post("/admin/rules/working_days/add", data=closure)
    assert words in Page.of(manager.get("/admin/start")).text


def test_a_manager_without_the_permission_is_led_to_no_shut_page(
    manager: FlaskClient, geopackage: Store
) -> None:
    with geopackage.writing() as session:
        account = users.find(session, "m")
        users.set_rights(session, account.id, Rights("manager", may_read_enforcement=False))
    manager.post("/sign-in", data={"name": "m", "password": PASSWORD})
    page = Page.of(manager.get("/admin/start"))
    assert not page.leads_to("/enforcement/issuers")
    assert "hotspots user permission NAME --enforcement" in page.text
    assert page.leads_to("/officer/imports")


def test_a_manager_sets_up_a_store_from_nothing(manager: FlaskClient, geopackage: Store) -> None:
    """Every step that a page can do, by the pages alone."""
    source = {"source": "Cabinet, 12 May 2026", "is_verified": "y"}
    manager.post(
        "/admin/settings",
        data={
            "council_name": "Testford",
            "patrol_contacts": "Control room: 01632 960001",
            "reason": "First start",
        },
    )
    sent = {"file": (wards(), "wards.geojson")}
    drawn = manager.post("/admin/area", data=sent, content_type="multipart/form-data")
    assert drawn.location.endswith("/admin/start")
    promise = {
        "value_days": "2",
        "value_calendar": "working",
        "value_cut_off_hour": "24",
        "value_day_ends": "23:59:59",
    }
    amount = {
        "value_action": "litter_fpn",
        "value_amount_pence": "150",
        "value_decision": "CAB/26/12",
    }
    for table, values in (("service_level", promise), ("council_amount", amount)):
        manager.post(f"/admin/rules/{table}/add", data=source | values)
    manager.post("/admin/contracts/add", data={"contractor": "FCC", "source": "Contract 26/4"})
    contacts = {
        "csu_email": "csu@example.org",
        "contractor_email": "depot@example.org",
        "data_protection_email": "dpo@example.org",
        "contact_phone": "01632 960001",
        "reason": "First start",
    }
    manager.post("/admin/contacts", data=contacts)
    by_name = states(geopackage)
    done = ("name", "area", "wards", "promise", "contractor", "amounts")
    assert {by_name[name] for name in done} == {"done"}
    page = Page.of(manager.get("/admin/start")).text
    assert "dpo@example.org" in page
    assert "2 wards" in page
    with geopackage.reading() as session:
        assert places.borough(session).area == pytest.approx(8e6, rel=1e-3)


def test_a_borough_is_drawn_once(manager: FlaskClient, geopackage: Store) -> None:
    with geopackage.writing() as session:
        places.add(session, PlaceKind.BOROUGH, "Testford", shapely.box(0, 0, 1, 1))
    sent = {"file": (wards(), "wards.geojson")}
    again = manager.post("/admin/area", data=sent, content_type="multipart/form-data")
    assert (again.status_code, "has a borough already" in again.text) == (400, True)
    empty = manager.post("/admin/area", data={}, content_type="multipart/form-data")
    assert "no file" in empty.text


def test_an_ended_contract_is_missing_again(geopackage: Store) -> None:
    terms = contracts.Terms("FCC", None, date(2026, 6, 12), "Contract 26/4")
    with geopackage.writing() as session:
        contracts.add(session, terms)
    assert states(geopackage)["contractor"] == "missing"


def test_the_command_lists_the_same(geopackage: Store, monkeypatch) -> None:
    monkeypatch.setenv("HOTSPOTS_DATABASE_URL", f"sqlite:///{geopackage.path}")
    listed = json.loads(CliRunner().invoke(hotspots, ["check", "--json"]).stdout)["steps"]
    assert {each["name"] for each in listed} == set(states(geopackage))
    output = CliRunner().invoke(hotspots, ["check"]).stdout
    assert "MISSING: Area of the borough." in output
    assert "/admin/area or hotspots init --area" in output


def test_what_warnings_and_letters_wait_for_is_named_on_the_page_and_by_the_command(
    manager: FlaskClient, geopackage: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = geopackage.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("HOTSPOTS_DATABASE_URL", url)
    output = CliRunner().invoke(hotspots, ["check"]).output
    page = Page.of(manager.get("/admin/start")).text
    for text in (output, page):
        assert "How long a warning can be followed by a notice is not set" in text
        assert "Notices print blank lines for where to pay" in text
    set_warning_standing(geopackage, date(2099, 7, 1))
    page = Page.of(manager.get("/admin/start")).text
    assert "can be recorded. What was entered holds from 1 July 2099" in page
    set_warning_standing(geopackage, None)
    assert states(geopackage)["warning_standing"] == StepState.DONE


def set_warning_standing(store: Store, valid_from: date | None) -> None:
    values = {"code": "warning_standing", "length": [6], "unit": "months", "counted": "following"}
    with store.writing() as session:
        council.add_row(
            session,
            "periods",
            values,
            valid_from=valid_from,
            valid_to=None,
            source="Decision 9",
            is_verified=True,
            now=NOW,
        )
