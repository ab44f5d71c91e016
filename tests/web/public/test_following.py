"""Whoever follows a ward confirms it, hears only what is published, and stops by one click."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from geodata.models import Follower, OutboxMessage, Place
from geodata.people.audit import Actor
from geodata.store import releases
from geodata.store.engine import Store
from tests.web.conftest import CONFIG
from tests.web.page import Page
from web.services.admin import person_data, retention
from web.services.admin.retention_schedule import Terms
from web.services.alerts import following
from web.services.background import ticking
from web.services.background.tick_settings import TickSettings
from web.services.mail.letters import Sender
from web.services.mail.mailing import message

SITE = "https://canisters.example"
SENDER = Sender("Testford", SITE)
NOW = datetime.now(UTC).replace(microsecond=0)
JO = "jo@example.org"


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """Somebody at the page of a site whose address is set."""
    app.config["HOTSPOTS"] = replace(CONFIG, base_url=SITE)
    return app.test_client()


def ward(store: Store, name: str) -> int:
    with store.reading() as session:
        return session.scalars(select(Place.id).where(Place.name == name)).one()


def mails(store: Store) -> list[OutboxMessage]:
    with store.reading() as session:
        kind = OutboxMessage.kind == following.KIND
        return list(session.scalars(select(OutboxMessage).where(kind).order_by(OutboxMessage.id)))


def followers(store: Store) -> list[Follower]:
    with store.reading() as session:
        return list(session.scalars(select(Follower).order_by(Follower.id)))


def ask(visitor: FlaskClient, store: Store, email: str = JO, name: str = "West"):
    return visitor.post("/follow", data={"ward": str(ward(store, name)), "email": email})


def link(store: Store, what: str) -> str:
    match = re.search(rf"{SITE}(/follow/{what}/[\w-]+)", mails(store)[-1].body)
    assert match is not None
    return match[1]


def release(store: Store, day: date, reported: int | None) -> None:
    with store.writing() as session:
        releases.add(
            session,
            releases.MONTH,
            f"{day:%Y-%m}",
            first_day=day,
            last_day=day + timedelta(days=27),
            cells={"reported": reported, "due": None, "cleared": None, "in_time": None},
            now=NOW,
        )


def release_year(store: Store, year: int, west: int | None) -> None:
    wards = [
        {"name": "East", "reported": 4711, "in_time_percent": None},
        {"name": "West", "reported": west, "in_time_percent": None},
    ]
    with store.writing() as session:
        releases.add(
            session,
            releases.YEAR,
            str(year),
            first_day=date(year, 1, 1),
            last_day=date(year, 12, 31),
            cells={"wards": wards, "months": {}},
            now=NOW,
        )


def tell(store: Store, now: datetime = NOW) -> int:
    with store.writing() as session:
        return following.tell(session, SENDER, now=now)


def test_only_who_confirms_hears_of_what_is_published(visitor: FlaskClient, council: Store) -> None:
    assert ask(visitor, council).headers["Location"].endswith("/follow/sent")
    release(council, date(2026, 9, 1), 12)
    assert tell(council) == 0
    visitor.get(link(council, "confirm"))  # a mail program that only looks confirms nothing
    assert followers(council)[0].confirmed_at is None
    page = Page.of(visitor.post(link(council, "confirm"), follow_redirects=True))
    assert "You will get the next figures" in page.text
    again = Page.of(visitor.get(link(council, "confirm")))
    assert "You will get the next figures" in again.text
    assert "Press the button" not in again.text
    assert tell(council) == 0  # September was out when they confirmed
    release(council, date(2026, 10, 1), 17)
    assert (tell(council), tell(council)) == (1, 0)
    body = mails(council)[-1].body
    assert "October 2026" in body
    assert "Dumps reported: 17" in body
    assert "Due to be cleared: too few to show" in body


def test_ward_is_told_by_year_and_small_counts_are_not(
    visitor: FlaskClient, council: Store
) -> None:
    ask(visitor, council)
    visitor.post(link(council, "confirm"))
    release_year(council, 2025, None)
    tell(council)
    body = mails(council)[-1].body
    assert "In West in the year 2025, dumps reported: too few to show." in body
    assert "4711" not in body


def test_one_click_stops_and_deletes_the_address_and_its_mails(
    visitor: FlaskClient, council: Store
) -> None:
    ask(visitor, council)
    visitor.post(link(council, "confirm"))
    release(council, date(2026, 10, 1), 17)
    tell(council)
    with council.writing() as session:
        from geodata.people import outbox

        letter = outbox.claim(session, mails(council)[-1].id, now=NOW)
    sent = message(letter, "canisters@testford.example")
    stop = link(council, "stop")
    assert sent["List-Unsubscribe"] == f"<{SITE}{stop}>"
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert followers(council)  # to look at the page stops nothing
    visitor.get(stop)
    assert followers(council)
    answer = visitor.post(stop, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert (followers(council), mails(council)) == ([], [])
    assert visitor.get(stop).status_code == 404
    assert visitor.post(stop, data={"List-Unsubscribe": "One-Click"}).status_code == 200


def test_addresses_are_sealed_and_keys_stand_as_hashes(
    visitor: FlaskClient, council: Store
) -> None:
    ask(visitor, council)
    with council.reading() as session:
        row = " ".join(map(str, session.execute(text("SELECT * FROM follower")).one()))
    assert JO not in row
    assert link(council, "confirm").rpartition("/")[2] not in row


def test_nobody_is_flooded_and_the_answer_says_nothing_of_who_follows(
    visitor: FlaskClient, council: Store
) -> None:
    answers = {ask(visitor, council).headers["Location"] for _ in range(3)}
    ask(visitor, council, JO.upper())
    assert len(answers) == 1
    assert len(followers(council)) == 1  # the same address, in small letters or capitals
    assert len(mails(council)) == 1


def test_spot_is_looked_up_for_its_ward_and_not_kept(visitor: FlaskClient, council: Store) -> None:
    with council.writing() as session:
        from shapely import Point

        from geodata import places
        from geodata.core.vocabulary import PlaceKind

        spot = Point(554_500, 174_000).buffer(20)
        places.add(session, PlaceKind.CAR_PARK, "Dock Road car park", spot)
    form = {"ward": "0", "spot": "Dock Road car park", "email": JO}
    assert visitor.post("/follow", data=form).status_code == 302
    assert followers(council)[0].ward_id == ward(council, "East")
    with council.reading() as session:
        row = " ".join(map(str, session.execute(text("SELECT * FROM follower")).one()))
    assert "Dock" not in row


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"ward": "0", "spot": "", "email": JO}, "choose a ward"),
        ({"ward": "0", "spot": "Nowhere at all", "email": JO}, "no place"),
        ({"ward": "1", "email": "jo"}, "like name@example.org"),
        ({"ward": "1", "email": "jo@example.org, sam@example.org"}, "like name@example.org"),
        ({"ward": "999", "email": JO}, "Choose one of the list"),
        ({"ward": "1", "email": ""}, "Enter your email address"),
    ],
)
def test_what_cannot_be_followed_is_said(
    visitor: FlaskClient, council: Store, form: dict[str, str], why: str
) -> None:
    if form["ward"] == "1":
        form |= {"ward": str(ward(council, "West"))}
    page = Page.of(visitor.post("/follow", data=form))
    assert why.casefold() in page.text.casefold()
    assert followers(council) == []


def test_site_without_an_address_sends_no_links(client: FlaskClient, council: Store) -> None:
    page = Page.of(client.get("/follow"))
    assert "not set up mails" in page.text
    ask(client, council)
    assert followers(council) == []


def test_rows_end_after_three_days_unconfirmed_and_two_years_confirmed(
    visitor: FlaskClient, council: Store
) -> None:
    ask(visitor, council)
    visitor.post(link(council, "confirm"))
    ask(visitor, council, "sam@example.org")

    def left(days: int) -> list[str]:
        with council.writing() as session:
            then = NOW + timedelta(days=days)
            due = {each.of.name: each.due for each in retention.due(session, Terms(), now=then)}
            gone = retention.clean_up(session, Terms(), now=then)
            assert due["followers"] == gone["followers"]
        return [each.email for each in followers(council)]

    assert left(2) == [JO, "sam@example.org"]
    assert left(4) == [JO]
    assert left(729) == [JO]
    assert left(731) == []


def test_person_is_found_and_erased(visitor: FlaskClient, council: Store) -> None:
    ask(visitor, council)
    with council.writing() as session:
        record = person_data.find_person(session, JO, now=NOW)
        assert record.counts()["Wards followed by mail"] == 1
        person_data.erase_person(session, JO, "They asked", Actor(None, NOW))
    assert (followers(council), mails(council)) == ([], [])


def test_background_work_tells_followers(visitor: FlaskClient, council: Store) -> None:
    ask(visitor, council)
    visitor.post(link(council, "confirm"))
    release(council, date(2026, 10, 1), 17)
    ticking.tick(council, TickSettings(SENDER), clock=lambda: NOW + timedelta(minutes=1))
    assert "new figures for West" in mails(council)[-1].subject
