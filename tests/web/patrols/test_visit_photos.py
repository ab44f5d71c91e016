"""Photos and posters of a patrol's visit: cleaned, kept through a faulty form, then shown."""

import io
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from PIL import Image
from shapely.geometry import Point
from werkzeug.test import TestResponse

from geodata import clearances, patrols, posters
from geodata.core.vocabulary import Moderation
from geodata.media import area_photos, photos
from geodata.media.picture_workers import picture_workers
from geodata.media.pictures import clean
from geodata.people.audit import Actor
from geodata.posters import poster_events, poster_sites
from geodata.store import settings
from geodata.store.engine import Store
from tests.pictures import encoded, exif_at, picture
from tests.web.desk import run_now, store_incidents, weekly
from tests.web.page import Page
from tests.web.patrol_shift import NOW, TOLD, TONIGHT
from web.services.patrols import patrolling

SIX = ("red", "green", "blue", "black", "white", "gray")
HERE = (553_000, 174_000)


def jpeg(colour: str = "red") -> bytes:
    return encoded(picture(colour=colour), exif=exif_at())


def sent(*files: bytes) -> list[tuple[io.BytesIO, str]]:
    return [(io.BytesIO(file), f"photo-{n}.jpg") for n, file in enumerate(files)]


@pytest.fixture
def stop(council: Store):
    """The first stop of a plan for one hotspot."""
    spread = [(552_100 + 350 * k, 173_200, [NOW - timedelta(days=30 * k + 9)]) for k in range(9)]
    spots = [(*HERE, weekly(20, NOW - timedelta(days=3)))]
    store_incidents(council, spots + spread, now=NOW, state="cleared")
    with council.writing() as session:
        run_now(session, Actor(None, NOW), as_of=NOW)
    with council.reading() as session:
        made = patrolling.plan(session, patrolling.PatrolWish(**TONIGHT, seed=1), now=NOW)
    with council.writing() as session:
        key = patrolling.keep(session, made)
        first_stop = patrols.stops_of(session, [key])[0]
        session.expunge_all()
    return first_stop


@pytest.fixture
def officer(signed_in):
    with time_machine.travel(NOW):
        yield signed_in("officer")


def visit_photos(store: Store, plan_id: int) -> list[photos.PhotoFacts]:
    with store.reading() as session:
        visits = patrols.visits_of(session, plan_id)
        return [p for visit in visits for p in photos.of_owner(session, visit_id=visit.id)]


def photos_on(answer: TestResponse) -> list[str]:
    """Addresses of the photos that a page shows."""
    return [image.src for image in Page.of(answer).images if image.alt.startswith("Photo ")]


def test_photos_are_kept_without_what_the_camera_wrote(council: Store, stop, officer) -> None:
    visit = TOLD | {"pictures": sent(jpeg("red"), jpeg("green"))}
    saved = officer.post(f"/patrols/stops/{stop.id}", data=visit)
    assert saved.status_code == 302
    kept_photos = visit_photos(council, stop.plan_id)
    assert [photo.state for photo in kept_photos] == ["pending", "pending"]
    with council.reading() as session:
        kept = Image.open(io.BytesIO(photos.content(session, kept_photos[0].id)))
    assert not kept.getexif()
    assert len(photos_on(officer.get(saved.location))) == 2
    assert (
        officer.get(f"/officer/moderation/photos/{kept_photos[0].id}.jpg?small=1").data[:2]
        == b"\xff\xd8"
    )


def test_a_faulty_form_loses_no_photo(council: Store, stop, officer) -> None:
    address = f"/patrols/stops/{stop.id}"
    wrong = officer.post(address, data=TOLD | {"arrived": "late", "pictures": sent(jpeg())})
    assert wrong.status_code == 400
    key = Page.of(wrong).value("photos_key")
    (shown,) = photos_on(wrong)
    assert officer.get(shown).data[:2] == b"\xff\xd8"
    more = TOLD | {"left": "11:00", "photos_key": key, "pictures": sent(jpeg("green"))}
    again = officer.post(address, data=more)  # left before they arrived
    assert again.status_code == 400
    assert len(photos_on(again)) == 2
    saved = officer.post(address, data=TOLD | {"photos_key": key})
    assert saved.status_code == 302
    assert len(visit_photos(council, stop.plan_id)) == 2
    assert officer.get(shown).status_code == 404  # nothing waits any more


def test_a_kept_photo_can_be_left_out(council: Store, stop, officer) -> None:
    address = f"/patrols/stops/{stop.id}"
    pictures = {"pictures": sent(jpeg("red"), jpeg("green"))}
    wrong = officer.post(address, data=TOLD | {"arrived": "late"} | pictures)
    page = Page.of(wrong)
    key, first = page.value("photos_key"), page.fields["without"].choices[0]
    officer.post(address, data=TOLD | {"photos_key": key, "without": first})
    assert len(visit_photos(council, stop.plan_id)) == 1


@pytest.mark.parametrize(
    ("files", "words", "kept"),
    [
        ([b"no picture", jpeg()], "Photo 1 of 2", 1),
        (
            [jpeg(c) for c in ("red", "green", "blue", "black", "white", "gray")],
            "Up to 5 photos",
            5,
        ),
    ],
)
def test_a_photo_that_is_refused_is_named_and_the_visit_not_saved_yet(
    council: Store, stop, officer, files: list[bytes], words: str, kept: int
) -> None:
    answer = officer.post(f"/patrols/stops/{stop.id}", data=TOLD | {"pictures": sent(*files)})
    assert answer.status_code == 400
    assert words in answer.text
    assert len(photos_on(answer)) == kept
    assert visit_photos(council, stop.plan_id) == []


def test_the_same_form_sent_twice_keeps_its_photos_once(council: Store, stop, officer) -> None:
    for _ in range(2):
        visit = TOLD | {"pictures": sent(jpeg())}
        assert officer.post(f"/patrols/stops/{stop.id}", data=visit).status_code == 302
    assert len(visit_photos(council, stop.plan_id)) == 1


def test_others_write_while_photos_are_cleaned(
    council: Store, stop, officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow_clean(content: bytes):
        with council.writing() as other:
            settings.write(other, "written_meanwhile", True)
        return clean(content)

    monkeypatch.setattr(picture_workers(), "clean", slow_clean)
    visit = TOLD | {"pictures": sent(jpeg())}
    assert officer.post(f"/patrols/stops/{stop.id}", data=visit).status_code == 302
    with council.reading() as session:
        assert settings.read(session, "written_meanwhile") is True


def test_a_visit_elsewhere_takes_photos_too(council: Store, stop, officer) -> None:
    visit = TOLD | {"grid_ref": "TQ 5320 7410", "pictures": sent(jpeg())}
    assert officer.post(f"/patrols/{stop.plan_id}/elsewhere", data=visit).status_code == 302
    assert len(visit_photos(council, stop.plan_id)) == 1


def test_a_hotspots_page_shows_the_photos_of_its_ground_newest_first(
    council: Store, stop, officer
) -> None:
    visit = TOLD | {"pictures": sent(jpeg())}
    officer.post(f"/patrols/stops/{stop.id}", data=visit)
    with council.writing() as session:
        inside = stop.geometry.buffer(30)
        incident = _incident_at(session, inside)
        row = clearances.add(
            session,
            incident_id=incident.id,
            outcome="cleared",
            occurred_at=NOW - timedelta(days=2),
            recorded_at=NOW,
        )
        shown = photos.add(session, clean(jpeg("green")), now=NOW, clearance_id=row.id)
        photos.moderate(session, shown, Moderation.REJECTED, user_id=None, reason="face", now=NOW)
        kept_photos = area_photos.photos_within(session, inside)
        far = area_photos.photos_within(session, Point(555_000, 174_500).buffer(50))
    assert [(photo.source, photo.state) for photo in kept_photos] == [
        ("visit", "pending"),
        ("clearance", "rejected"),
    ]
    assert far == []
    page = officer.get("/officer/hotspots/H-0001").text
    assert "Waits to be looked at" in page
    assert "Rejected" in page
    assert f"/officer/moderation/photos/{kept_photos[0].id}.jpg" in page
    assert f"/officer/moderation/photos/{shown}.jpg" not in page  # rejected: told, not shown


def _incident_at(session, area):
    from sqlalchemy import select

    from geodata.models import Incident

    return next(i for i in session.scalars(select(Incident)) if i.geometry.within(area))


def test_many_photos_are_shown_a_page_at_a_time(council: Store, stop, officer) -> None:
    with council.writing() as session:
        visit = patrols.add_visit(
            session, plan_id=stop.plan_id, stop_id=stop.id, arrived_at=NOW, geometry=None
        )
        for n in range(30):
            shade = encoded(picture(colour=f"#{n:02x}0000"))
            photos.add(session, clean(shade), now=NOW, visit_id=visit.id)
    hotspot = officer.get("/officer/hotspots/H-0001")
    assert len(Page.of(hotspot).images) == 4
    all_of_them = Page.of(hotspot).link("All 30 photos")
    first = officer.get(all_of_them)
    second = officer.get(f"{all_of_them}?page=2")
    assert [len(Page.of(page).images) for page in (first, second)] == [24, 6]
    assert "Older photos" in first.text
    assert "Newer photos" in second.text


def test_photos_of_hotspots_and_visits_are_for_officers_only(
    council: Store, stop, signed_in, client
) -> None:
    crew = signed_in("contractor")
    for address in ("/officer/hotspots/H-0001/photos", "/patrols/photos/somekey/1.jpg"):
        assert crew.get(address).status_code == 403
        assert client.get(address).status_code == 302


@pytest.fixture
def poster(council: Store, stop) -> str:
    """A poster that hangs 60 m from the stop; the site's code. Two more that do not count."""
    with council.writing() as session:
        campaign = posters.add_campaign(
            session, Actor(None, NOW), name="Spring", valid_from=NOW.date()
        )
        codes = []
        for name, away, kinds in (
            ("Gate", 60, ["installed"]),
            ("Far", 400, ["installed"]),
            ("Gone", 40, ["installed", "removed"]),
            ("Never", 50, []),
        ):
            point = Point(stop.geometry.x + away, stop.geometry.y)
            site = poster_sites.add(session, Actor(None, NOW), name, point, campaign_id=campaign.id)
            codes.append(site.code)
            for n, kind in enumerate(kinds):
                at = NOW - timedelta(days=9 - n)
                poster_events.add(session, site, kind, at=at, now=NOW, user_id=None)
    return codes[0]


def newest_event(store: Store, code: str) -> tuple[str, datetime, str | None]:
    with store.reading() as session:
        event = poster_events.of_site(session, poster_sites.find(session, code).id)[0]
        return event.kind, event.at, event.note


def test_only_posters_that_hang_near_the_stop_are_asked_for(
    council: Store, stop, officer, poster: str
) -> None:
    page = Page.of(officer.get(f"/patrols/stops/{stop.id}"))
    assert [name for name in page.fields if name.startswith("poster-")] == [f"poster-{poster}"]
    assert len(page.fields[f"poster-{poster}"].choices) == 4
    assert f"The poster {poster}, Gate" in page.text


@pytest.mark.parametrize(
    ("check", "kind", "note"),
    [
        ("seen", "seen", None),
        ("damaged", "damaged", None),
        ("missing", "removed", "missing when a patrol looked"),
        ("", "installed", None),
    ],
)
def test_what_is_ticked_of_a_poster_goes_into_its_history(
    council: Store, stop, officer, poster: str, check: str, kind: str, note: str | None
) -> None:
    visit = TOLD | {f"poster-{poster}": check}
    assert officer.post(f"/patrols/stops/{stop.id}", data=visit).status_code == 302
    event = newest_event(council, poster)
    assert (event[0], event[2]) == (kind, note)
    if check:
        assert event[1] == datetime(2026, 11, 23, 11, 30, tzinfo=UTC)  # when they arrived


def test_a_faulty_form_forgets_no_tick(council: Store, stop, officer, poster: str) -> None:
    visit = TOLD | {"arrived": "late", f"poster-{poster}": "damaged"}
    page = Page.of(officer.post(f"/patrols/stops/{stop.id}", data=visit))
    assert page.value(f"poster-{poster}") == "damaged"
    assert newest_event(council, poster)[0] == "installed"
