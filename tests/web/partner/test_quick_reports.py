"""Partners on their rounds and officers at the telephone."""

import io
from datetime import UTC, datetime

import pytest
import shapely
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from geodata import places
from geodata.core.vocabulary import PlaceKind
from geodata.models import Incident, OutboxMessage, Photo, Report
from geodata.store.engine import Store
from tests.pictures import encoded, picture
from tests.web.page import Page

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
CALL = {"words": "Westgate car", "charger_band": "11_to_50", "key": "k" * 20}


@pytest.fixture(autouse=True)
def known(council: Store) -> None:
    with council.writing() as session:
        for name, x in (("Westgate car park", 553_000), ("Central Park", 555_000)):
            places.add(session, PlaceKind.CAR_PARK, name, shapely.Point(x, 174_000).buffer(30))
        places.add(session, PlaceKind.LAMP_COLUMN, "LC 12", shapely.Point(553_100, 174_000))
        away = shapely.Point(557_000, 174_000)
        places.add(session, PlaceKind.CAR_PARK, "Gravesend car park", away)


def reports(store: Store) -> list[Report]:
    with store.reading() as session:
        return list(session.scalars(select(Report).order_by(Report.id)))


def key_of(answer: TestResponse) -> str:
    return Page.of(answer).value("key")


def place_links(answer: TestResponse) -> list[str]:
    links = Page.of(answer).links
    return [link.href for link in links if link.href.startswith("/partner/report")]


def place_of(client: FlaskClient, name: str) -> list[str]:
    links = Page.of(client.get("/partner")).links
    return [link.href for link in links if link.text.startswith(name)]


def test_three_taps_from_a_known_place(council: Store, signed_in) -> None:
    warden = signed_in("partner")
    board = warden.get("/partner")
    assert "LC 12" not in board.text
    link = place_links(board)[0]  # Central Park: first by name while nothing was reported
    form = warden.get(link)
    sent = warden.post(link, data={"charger_band": "11_to_50", "key": key_of(form)})
    assert "by the end of" in warden.get(sent.location).text
    (row,) = reports(council)
    assert (row.source, row.channel, row.charger_band) == ("partner", "partner", "11_to_50")
    assert row.geometry.distance(shapely.Point(555_000, 174_000)) < 2
    assert row.user_id is not None


def test_a_partner_s_own_places_come_first(signed_in) -> None:
    warden = signed_in("partner")
    board = warden.get("/partner").text
    assert board.index("Central Park") < board.index("Westgate car park")
    (link,) = place_of(warden, "Westgate car park")
    warden.post(link, data={"charger_band": "none", "key": key_of(warden.get(link))})
    board = warden.get("/partner").text
    assert board.index("Westgate car park") < board.index("Central Park")


def test_with_a_position_the_nearest_place_comes_first(signed_in) -> None:
    warden = signed_in("partner")
    # 552500, 174000 is 0.19299 E, 51.44441 N: half a kilometre west of Westgate
    board = warden.get("/partner?lon=0.19299&lat=51.44441&accuracy_m=9").text
    assert board.index("Westgate car park") < board.index("Central Park")
    assert "about 470 metres away" in board  # 500 m less the park's radius of 30 m


def test_a_place_that_is_not_on_the_list_is_found_by_words(council: Store, signed_in) -> None:
    warden = signed_in("partner")
    link = place_links(warden.get("/partner?words=lc 12"))[0]
    form = warden.get(link)
    warden.post(link, data={"charger_band": "none", "key": key_of(form)})
    assert reports(council)[0].geometry.equals(shapely.Point(553_100, 174_000))


def test_the_same_page_sent_twice_is_one_report(council: Store, signed_in) -> None:
    warden = signed_in("partner")
    link = place_links(warden.get("/partner"))[0]
    data = {"charger_band": "none", "key": key_of(warden.get(link))}
    assert len({warden.post(link, data=data).location for _ in range(3)}) == 1
    assert len(reports(council)) == 1


def test_a_partner_s_photos_wait_for_moderation(council: Store, signed_in) -> None:
    warden = signed_in("partner")
    link = place_links(warden.get("/partner"))[0]
    data = {
        "charger_band": "none",
        "key": key_of(warden.get(link)),
        "photos": [(io.BytesIO(encoded(picture())), "a.jpg")],
    }
    warden.post(link, data=data)
    with council.reading() as session:
        assert session.scalars(select(Photo.state)).all() == ["pending"]


def test_a_bad_photo_is_said_and_nothing_sent(council: Store, signed_in) -> None:
    warden = signed_in("partner")
    link = place_links(warden.get("/partner"))[0]
    data = {
        "charger_band": "none",
        "key": key_of(warden.get(link)),
        "photos": [(io.BytesIO(b"no photo"), "a.jpg")],
    }
    page = warden.post(link, data=data)
    assert page.status_code == 400
    assert "Photo 1 of 1: The photo cannot be read" in page.text
    assert reports(council) == []


def test_partners_pages_are_for_partners_and_officers(client: FlaskClient, signed_in) -> None:
    assert client.get("/partner").status_code == 302
    assert signed_in("contractor").get("/partner").status_code == 403
    assert signed_in("officer").get("/partner").status_code == 200
    partner = signed_in("partner")
    assert partner.get("/officer/telephone").status_code == 403
    assert partner.get("/officer/moderation").status_code == 403
    assert partner.get("/officer/hotspots").status_code == 403


def test_a_place_next_door_is_refused_with_the_reason(council: Store, signed_in) -> None:
    warden = signed_in("partner")
    (link,) = place_of(warden, "Gravesend car park")
    data = {"charger_band": "none", "key": key_of(warden.get(link))}
    page = warden.post(link, data=data)
    assert page.status_code == 409
    assert "Gravesend car park is outside the borough" in page.text
    assert reports(council) == []


@time_machine.travel(MONDAY, tick=False)
def test_a_call_is_the_public_s_report_and_starts_the_clock(council: Store, signed_in) -> None:
    officer = signed_in("officer")
    data = CALL | {"called_at": "8:40am", "email": "jo@example.org", "landmark": "Bay 114"}
    saved = officer.post("/officer/telephone", data=data)
    page = officer.get(saved.location).text
    (row,) = reports(council)
    assert row.reference in page
    assert "by the end of Wednesday 25 November" in page
    assert (row.source, row.channel, row.landmark) == ("public", "phone", "Bay 114")
    assert row.reported_at == datetime(2026, 11, 23, 8, 40, tzinfo=UTC)
    with council.reading() as session:
        assert session.scalars(select(OutboxMessage.recipient)).all() == ["jo@example.org"]
        assert session.scalars(select(Incident.first_public_at)).one() == row.reported_at


@time_machine.travel(MONDAY, tick=False)
def test_an_unclear_place_is_asked_for_and_the_rest_is_kept(council: Store, signed_in) -> None:
    officer = signed_in("officer")
    data = CALL | {"words": "car park", "description": "behind the bins"}
    page = officer.post("/officer/telephone", data=data)
    assert page.status_code == 400
    assert "Several places may be meant" in page.text
    assert "behind the bins" in page.text
    assert officer.post("/officer/telephone", data=data | {"choice": "0"}).status_code == 302
    assert len(reports(council)) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"words": ""}, "Write where it is"),
        ({"words": "Nowhere Lane"}, "We know no such place"),
        ({"charger_band": ""}, "Choose how many small chargers"),
        ({"called_at": "noonish"}, "Write the time like"),
        ({"called_at": "11pm"}, "This lies in the future"),
        ({"email": "jo"}, "Write an email address"),
        ({"words": "Gravesend car park"}, "outside the borough"),
    ],
)
@time_machine.travel(MONDAY, tick=False)
def test_a_bad_call_is_met_by_a_sentence(
    council: Store, signed_in, change: dict[str, str], words: str
) -> None:
    page = signed_in("officer").post("/officer/telephone", data=CALL | change)
    assert page.status_code == 400
    assert words in page.text
    assert reports(council) == []
