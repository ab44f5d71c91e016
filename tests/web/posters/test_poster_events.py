"""What befalls posters, logged on a telephone; and what is due of a campaign."""

import io
from datetime import date

import pytest
import shapely
import time_machine
from sqlalchemy import func, select

from geodata.media import photos
from geodata.models import Photo, PosterEvent
from geodata.posters import poster_sites
from geodata.store.engine import Store
from tests.filled_stores import filled_once
from tests.pictures import encoded, exif_at, picture
from tests.web.page import Page
from tests.web.poster_campaign import ACTOR, NOW, event, started, with_lamps
from web.services.posters import poster_campaigns, poster_standing


@pytest.fixture
@filled_once
def lamps(council: Store) -> Store:
    return with_lamps(council)


@time_machine.travel(NOW)
def test_an_event_with_its_photo_is_logged_and_shown_to_officers_only(
    lamps: Store, signed_in, client
) -> None:
    officer = signed_in("officer")
    _, (code,) = started(lamps)
    photo = encoded(picture(), exif=exif_at())
    sent = event("installed", note="facing the road") | {"photo": (io.BytesIO(photo), "a.jpg")}
    assert officer.post(f"/posters/sites/{code}", data=sent).status_code == 302
    page = Page.of(officer.get(f"/posters/sites/{code}"))
    assert "facing the road" in page.text
    (image,) = page.images
    address = image.src
    shown = officer.get(address).data
    assert shown.startswith(b"\xff\xd8")
    assert b"Secretphone" not in shown
    assert client.get(address).status_code == 302
    assert signed_in("contractor").get(address).status_code == 403
    with lamps.reading() as session:
        assert photos.waiting(session, limit=9) == []  # nobody need look at it first


@time_machine.travel(NOW)
def test_a_report_s_photo_is_not_shown_as_a_poster_s(lamps: Store, signed_in) -> None:
    with lamps.writing() as session:
        photo = Photo(
            sha256="0" * 64, width_px=1, height_px=1, bytes=1, state="pending", added_at=NOW
        )
        session.add(photo)
        session.flush()
        key = photo.id
    assert signed_in("officer").get(f"/posters/photos/{key}.jpg").status_code == 404


@time_machine.travel(NOW)
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "eaten"}, "Choose one of the list"),
        ({"kind": ""}, "Choose what happened"),
        ({"day": "2026-11-24"}, "in the future"),
        ({"clock": "25:00"}, "Enter a time such as 20:30"),
        ({"note": "ask Mr Smith"}, "Mr Smith"),
        ({"photo": (b"no photo", "a.jpg")}, "The photo cannot be read"),
    ],
)
def test_an_event_that_cannot_be_is_answered_and_nothing_typed_is_lost(
    lamps: Store, signed_in, change: dict, words: str
) -> None:
    _, (code,) = started(lamps)
    if "photo" in change:
        change = {"photo": (io.BytesIO(change["photo"][0]), "a.jpg")}
    sent = event("damaged", day="2026-11-20", note="torn") | change
    answer = signed_in("officer").post(f"/posters/sites/{code}", data=sent)
    assert answer.status_code == 400
    page = Page.of(answer)
    assert words in page.text
    assert {name: page.value(name) for name in ("note", "day")} == {
        name: sent[name] for name in ("note", "day")
    }
    with lamps.reading() as session:
        assert session.scalar(select(func.count()).select_from(PosterEvent)) == 0


@time_machine.travel(NOW)
def test_an_event_told_late_says_so_and_stands_where_it_happened(lamps: Store, signed_in) -> None:
    officer = signed_in("officer")
    key, (code,) = started(lamps)
    officer.post(f"/posters/sites/{code}", data=event("damaged", "2026-11-22"))
    officer.post(f"/posters/sites/{code}", data=event("installed", "2026-11-02", "09:15"))
    page = officer.get(f"/posters/sites/{code}").text
    assert page.index("22 Nov 2026, 11:30am") < page.index("2 Nov 2026, 9:15am")
    assert "Logged later, on 23 Nov 2026, 12:00pm" in page
    assert "1 damaged poster to replace" in officer.get(f"/posters/{key}").text


@time_machine.travel(NOW)
def test_a_form_that_was_sent_twice_is_one_event(lamps: Store, signed_in) -> None:
    officer = signed_in("officer")
    _, (code,) = started(lamps)
    for _ in range(2):
        officer.post(f"/posters/sites/{code}", data=event("installed"))
    with lamps.reading() as session:
        assert session.scalar(select(func.count()).select_from(PosterEvent)) == 1


@pytest.mark.parametrize(
    ("days", "events", "due"),
    [
        ((date(2026, 12, 1), None, None), [], []),
        ((date(2026, 11, 1), None, None), [], ["1 poster should be up since 1 November 2026."]),
        ((date(2026, 11, 23), None, None), ["installed"], []),
        ((date(2026, 11, 1), None, None), ["damaged"], ["1 damaged poster to replace."]),
        (
            (date(2026, 1, 1), date(2026, 11, 22), None),
            ["installed"],
            ["1 poster still up: the campaign ended on 22 November 2026."],
        ),
        ((date(2026, 1, 1), date(2026, 11, 23), None), ["installed"], []),
        ((date(2026, 1, 1), date(2026, 11, 22), None), ["removed"], []),
        (
            (date(2026, 1, 1), None, None),
            ["removed"],
            ["1 poster gone or taken down: put up a new one, or retire the site."],
        ),
        (
            (date(2026, 1, 1), None, date(2026, 11, 23)),
            ["installed"],
            ["The review was due on 23 November 2026."],
        ),
        ((date(2026, 1, 1), None, date(2026, 11, 24)), ["installed"], []),
    ],
)
def test_what_is_due_is_said_on_its_day(
    council: Store, days: tuple, events: list[str], due: list[str]
) -> None:
    first, last, review = days
    key, (code,) = started(council, first=first, valid_to=last, review_on=review)
    with council.writing() as session:
        for kind in events:
            poster_campaigns.log_event(session, ACTOR, code, kind, at=NOW)
        (standing,) = poster_standing.board(session, today=NOW.date())
    assert standing.due == due
    assert standing.campaign.id == key


@time_machine.travel(NOW)
def test_nothing_befalls_a_poster_at_a_place_that_is_only_offered(lamps: Store, signed_in) -> None:
    officer = signed_in("officer")
    with lamps.writing() as session:
        place = shapely.Point(553_000, 174_000)
        code = poster_sites.add(session, ACTOR, "Gate", place, campaign_id=None).code
    assert officer.post(f"/posters/sites/{code}", data=event("installed")).status_code == 404
    assert officer.get(f"/posters/sites/{code}").location.endswith("/posters/candidates")
