"""A poster campaign from its proposal to its end: what pages propose, start, show and change."""

import re
from datetime import date, timedelta

import pytest
import shapely
import time_machine
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from geodata import places
from geodata.core.vocabulary import PlaceKind
from geodata.models import Campaign, Intervention
from geodata.posters import poster_sites
from geodata.store import settings
from geodata.store.engine import Store
from tests.filled_stores import filled_once
from tests.web.desk import store_incidents
from tests.web.page import Page
from tests.web.poster_campaign import NOW, event, started, with_lamps
from web.posters import proposals
from web.services.posters import poster_siting

ASKED = {
    "name": "Winter",
    "valid_from": "2026-12-01",
    "valid_to": "2027-02-28",
    "review_on": "2027-06-01",
    "budget": "1",
    "view_m": "50",
    "kinds": ["lamp_column", "car_park", "park", "own"],
}


@pytest.fixture
@filled_once
def lamps(council: Store) -> Store:
    return with_lamps(council)


def keys_on(answer: TestResponse) -> list[str]:
    return Page.of(answer).fields["site"].values


@time_machine.travel(NOW)
def test_an_officer_proposes_starts_and_sees_a_campaign(lamps: Store, signed_in) -> None:
    officer = signed_in("officer")
    assert "no campaign yet" in officer.get("/posters").text
    assert officer.get("/posters/new").status_code == 200
    answer = officer.get("/posters/proposal", query_string=ASKED)
    proposal = Page.of(answer)
    assert "3 of 5 incidents" in proposal.text
    assert proposal.tables[0].cells[0][:2] == ["1. Westgate car park", "3"]
    assert "Column 7" in proposal.text  # what would add most beside it
    with lamps.reading() as session:
        assert session.scalar(select(func.count()).select_from(Campaign)) == 0
    sent = ASKED | {"site": keys_on(answer)}
    page = officer.get(officer.post("/posters/proposal", data=sent).location).text
    assert "3 of 5 incidents" in page
    assert "28 Feb 2027" in page
    assert "1 Jun 2027" in page
    assert "0 up, 1 to be put up" in page
    assert "Winter" in officer.get("/posters").text
    with lamps.reading() as session:
        done = session.scalars(select(Intervention)).one()
    assert (done.kind, done.name, done.valid_to) == ("poster", "Winter", date(2027, 2, 28))
    assert done.geometry.covers(shapely.Point(552_500, 174_000))


@time_machine.travel(NOW)
def test_what_an_officer_strikes_out_and_keeps_is_what_is_started(lamps: Store, signed_in) -> None:
    officer = signed_in("officer")
    struck = keys_on(officer.get("/posters/proposal", query_string=ASKED))
    again = officer.get("/posters/proposal", query_string=ASKED | {"strike": struck})
    assert "1. Column 7" in Page.of(again).text
    assert "Westgate car park: not here" in Page.of(again).text
    sent = ASKED | {"strike": struck, "site": keys_on(again)}
    page = Page.of(officer.get(officer.post("/posters/proposal", data=sent).location)).text
    assert "Struck out: Westgate car park" in page
    assert re.search(r"PS\d{4}: Column 7", page)


@time_machine.travel(NOW)
def test_a_choice_that_is_no_longer_the_best_is_shown_anew_and_not_saved(
    lamps: Store, signed_in
) -> None:
    officer = signed_in("officer")
    shown = keys_on(officer.get("/posters/proposal", query_string=ASKED))
    many = [NOW - timedelta(days=n) for n in range(1, 9)]
    store_incidents(lamps, [(554_000, 174_000, many)], now=NOW)
    answer = officer.post("/posters/proposal", data=ASKED | {"site": shown})
    assert "/posters/proposal?" in answer.location
    page = officer.get(answer.location).text
    assert "have changed since you looked" in page
    assert "1. Column 7" in page
    with lamps.reading() as session:
        assert session.scalar(select(func.count()).select_from(Campaign)) == 0


@time_machine.travel(NOW)
def test_others_write_while_sites_are_searched_for(
    lamps: Store, signed_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = poster_siting.site_posters

    def slow_search(*args, **wishes):
        with lamps.writing() as other:
            settings.write(other, "written_meanwhile", True)
        return search(*args, **wishes)

    officer = signed_in("officer")
    monkeypatch.setattr(poster_siting, "site_posters", slow_search)
    proposal = officer.get("/posters/proposal", query_string=ASKED)
    sent = ASKED | {"site": keys_on(proposal)}
    assert officer.post("/posters/proposal", data=sent).status_code == 302
    with lamps.reading() as session:
        assert settings.read(session, "written_meanwhile") is True


@time_machine.travel(NOW)
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "Enter a name"),
        ({"budget": "0"}, "Enter 1 to 500"),
        ({"valid_from": "2026-02-31"}, "Enter a day such as"),
        ({"valid_to": "2026-11-30"}, "on or after the one on which posters go up"),
        ({"review_on": "2026-11-30"}, "on or after the one on which posters go up"),
        ({"kinds": []}, "Choose where posters may hang"),
        ({"view_m": "5"}, "None of the 5 incidents"),
    ],
)
def test_a_wish_that_cannot_be_comes_back_with_a_sentence(
    lamps: Store, signed_in, change: dict, words: str
) -> None:
    answer = signed_in("officer").get("/posters/proposal", query_string=ASKED | change)
    assert answer.status_code == 400
    assert words in answer.text


@time_machine.travel(NOW)
def test_a_taken_name_is_refused_and_the_wish_kept(lamps: Store, signed_in) -> None:
    officer = signed_in("officer")
    sent = ASKED | {"site": keys_on(officer.get("/posters/proposal", query_string=ASKED))}
    assert officer.post("/posters/proposal", data=sent).status_code == 302
    again = officer.post("/posters/proposal", data=sent)
    assert again.status_code == 400
    page = Page.of(again)
    assert "There is a campaign 'Winter' already" in page.text
    assert "2027-06-01" in page.typed


@time_machine.travel(NOW)
def test_a_place_added_from_a_proposal_is_kept_in_it(lamps: Store, signed_in) -> None:
    officer = signed_in("officer")
    sent = {"name": "Station gate", "where": "555510, 174000"}
    answer = officer.post("/posters/candidates/new", query_string=ASKED, data=sent)
    page = officer.get(answer.location).text
    assert "1. Station gate" in page
    assert "Station gate" in officer.get("/posters/candidates").text
    code = re.search(r"PS\d{4}", officer.get("/posters/candidates").text)[0]
    officer.post(f"/posters/candidates/{code}/retire")
    officer.get("/posters/candidates")  # says that it is taken off the list
    assert "Station gate" not in Page.of(officer.get("/posters/candidates")).text


@time_machine.travel(NOW)
@pytest.mark.parametrize(
    ("where", "easting"),
    [
        ("TQ 5350 7400", 553_505),
        ("553600 174000", 553_600),
        ("Westgate car park", 552_510),
        ("westgate", 552_510),
    ],
)
def test_a_site_is_added_where_the_officer_says(
    lamps: Store, signed_in, where: str, easting: float
) -> None:
    key, _ = started(lamps)
    answer = signed_in("officer").post(
        f"/posters/{key}/sites/new", data={"name": "By the bins", "where": where}
    )
    assert answer.status_code == 302
    with lamps.reading() as session:
        new = poster_sites.of_campaign(session, key)[-1]
        done = session.scalars(select(Intervention)).one()
    assert (new.name, new.geometry.x) == ("By the bins", easting)
    assert done.geometry.covers(new.geometry)


@time_machine.travel(NOW)
@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("", "Say where"),
        ("Atlantis", "no known place"),
        ("0, 0", "nowhere near the borough"),
        ("560000, 174000", "4.0 km outside the borough"),
        ("NaN", "no known place"),
    ],
)
def test_a_place_that_cannot_be_is_answered_and_the_name_kept(
    lamps: Store, signed_in, where: str, words: str
) -> None:
    key, _ = started(lamps)
    answer = signed_in("officer").post(
        f"/posters/{key}/sites/new", data={"name": "By the bins", "where": where}
    )
    assert answer.status_code == 400
    page = Page.of(answer)
    assert words in page.text
    assert page.value("name") == "By the bins"


@time_machine.travel(NOW)
def test_a_name_of_several_places_is_answered_with_them(lamps: Store, signed_in) -> None:
    with lamps.writing() as session:
        for name in ("Park Road", "Park Lane"):
            places.add(session, PlaceKind.STREET, name, shapely.Point(553_000, 174_000))
    key, _ = started(lamps)
    answer = signed_in("officer").post(
        f"/posters/{key}/sites/new", data={"name": "By the bins", "where": "park"}
    )
    assert "Park Lane; Park Road" in answer.text


@time_machine.travel(NOW)
def test_a_site_is_renamed_moved_and_retired_and_its_history_shown(lamps: Store, signed_in) -> None:
    officer = signed_in("officer")
    key, (code,) = started(lamps)
    officer.post(f"/posters/sites/{code}/edit", data={"name": "Column 8", "where": ""})
    officer.post(
        f"/posters/sites/{code}/edit", data={"name": "Column 8", "where": "554010, 174000"}
    )
    officer.post(f"/posters/sites/{code}", data=event("installed"))
    assert (
        "reason is empty" in officer.post(f"/posters/sites/{code}/retire", data={"reason": ""}).text
    )
    officer.post(f"/posters/sites/{code}/retire", data={"reason": "works on the path"})
    page = officer.get(f"/posters/sites/{code}").text
    assert "name from Column 7 to Column 8" in page
    assert "place from 552510, 174000 to 554010, 174000" in page
    assert "works on the path" in page
    campaign = officer.get(f"/posters/{key}").text
    assert "1 poster to take down, where a site is retired" in campaign
    assert "Column 8" in officer.get(f"/report?site={code}").text  # the code lives on
    officer.post(f"/posters/sites/{code}", data=event("removed", clock="11:45"))
    assert "to take down" not in officer.get(f"/posters/{key}").text


@time_machine.travel(NOW)
def test_the_map_and_the_table_say_the_same_of_each_site(
    lamps: Store, signed_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = signed_in("officer")
    key, (code,) = started(lamps)
    officer.post(f"/posters/sites/{code}", data=event("installed"))
    layer = officer.get(f"/posters/{key}/sites.geojson").get_json()["features"]
    (mark,) = [f["properties"] for f in layer if "label" in f["properties"]]
    assert (mark["site"], mark["state"], mark["incidents"]) == (code, "Up", 3)
    (row,) = Page.of(officer.get(f"/posters/{key}")).table("Sites by code").rows
    assert row["Site"].startswith(code)
    assert (row["State"], row["Last event"]) == ("Up", "23 Nov 2026, 11:30am")
    assert row["Incidents in view, 12 months"] == "3"
    dumps = officer.get(f"/posters/{key}/dumps.geojson").get_json()["features"]
    assert sorted(f["properties"]["seen"] for f in dumps) == ["no", "no", "yes", "yes", "yes"]
    monkeypatch.setattr(proposals, "MOST_DRAWN", 4)  # a phone that draws fewer than there are
    squares = officer.get(f"/posters/{key}/dumps.geojson").get_json()["features"]
    assert {f["geometry"]["type"] for f in squares} == {"Polygon"}
    assert sum(f["properties"]["incidents"] for f in squares) == 5
    assert sum(int(f["properties"]["seen"].split()[0]) for f in squares) == 3
    shown = {"site": ["p999", "x", "s"], "view_m": "x"}
    for name in ("sites.geojson", "dumps.geojson", "map.js"):
        assert officer.get(f"/posters/proposal/{name}", query_string=shown).status_code == 200
    assert officer.get("/posters/picker.js").status_code == 200
    assert officer.get("/posters/candidates.geojson").get_json()["features"] == []


def test_campaigns_are_for_officers_only(lamps: Store, signed_in, client) -> None:
    key, (code,) = started(lamps)
    crew = signed_in("contractor")
    for path in (
        "/posters",
        "/posters/new",
        "/posters/proposal",
        "/posters/candidates",
        f"/posters/{key}",
        f"/posters/{key}/edit",
        f"/posters/{key}/wording",
        f"/posters/{key}/posters.pdf",
        f"/posters/{key}/sheet.pdf",
        f"/posters/sites/{code}",
        f"/posters/{key}/sites.geojson",
        "/posters/proposal/dumps.geojson",
    ):
        assert crew.get(path).status_code == 403, path
        assert client.get(path).status_code == 302, path
