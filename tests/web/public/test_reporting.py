"""The public's report, without JavaScript, on both stores."""

import io
from datetime import UTC, datetime, timedelta

import pytest
import shapely
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from geodata import places
from geodata.core.vocabulary import PlaceKind
from geodata.models import (
    DraftPhoto,
    Incident,
    OutboxMessage,
    Photo,
    PosterSite,
    Report,
    ReportDraft,
    ReporterContact,
)
from geodata.store.engine import Store
from tests.pictures import encoded, exif_at, picture
from tests.web import reporting
from tests.web.page import Page
from tests.web.reporting import INSIDE, QUICK, answer, begin, fill, send

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def reports(store: Store) -> list[Report]:
    with store.reading() as session:
        return list(session.scalars(select(Report).order_by(Report.id)))


def count(store: Store, model: type) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def photo(**options: object) -> tuple[io.BytesIO, str]:
    return io.BytesIO(encoded(picture(), **options)), "IMG_1.jpg"


@time_machine.travel(MONDAY, tick=False)
def test_a_whole_report_is_stored_and_its_due_time_said(
    council: Store, client: FlaskClient
) -> None:
    key = begin(client)
    fill(
        client,
        key,
        spot={"landmark": "Bay 114"},
        hazards={"has_needles": "", "has_glass": "y", "from_vehicle": "yes"},
        more={"description": "By the wall", "email": "jo@example.org"},
    )
    reference = send(client, key)
    receipt = client.get(f"/track/{reference}/receipt").text
    assert reference in receipt
    assert "by the end of Wednesday 25 November" in receipt
    (row,) = reports(council)
    assert (row.reference, row.source, row.channel) == (reference, "public", "web")
    assert (row.geometry.x, row.geometry.y) == (553_005, 174_005)
    assert (row.charger_band, row.cylinders, row.has_glass) == ("11_to_50", 3, True)
    assert (row.landmark, row.description, row.from_vehicle) == ("Bay 114", "By the wall", True)
    assert row.first_seen_at == MONDAY
    assert row.description_state == "pending"


@time_machine.travel(MONDAY, tick=False)
def test_an_address_gets_one_mail_that_names_the_reference(
    council: Store, client: FlaskClient
) -> None:
    mail = {"description": "", "email": " jo@example.org "}
    reference = reporting.report(client, more=mail)
    with council.reading() as session:
        assert session.scalars(select(ReporterContact.email)).all() == ["jo@example.org"]
        (message,) = session.scalars(select(OutboxMessage)).all()
    assert message.recipient == "jo@example.org"
    assert reference in message.subject
    assert "by the end of Wednesday 25 November" in message.body


@pytest.mark.parametrize("times", [2, 5])
def test_the_same_form_sent_again_is_one_report(
    council: Store, client: FlaskClient, times: int
) -> None:
    key = begin(client)
    fill(client, key)
    assert len({send(client, key) for _ in range(times)}) == 1
    assert count(council, Report) == count(council, Incident) == 1
    assert count(council, ReportDraft) == 0


def test_going_back_after_sending_leads_to_the_receipt(client: FlaskClient) -> None:
    key = begin(client)
    fill(client, key)
    reference = send(client, key)
    for page in ("check", "what", "place"):
        assert client.get(f"/report/{key}/{page}").location == f"/track/{reference}/receipt"


def test_a_page_is_not_skipped(client: FlaskClient) -> None:
    key = begin(client)
    answer(client, key, "place", words=INSIDE)
    answer(client, key, "what")
    assert client.get(f"/report/{key}/check").location == f"/report/{key}/spot"


def test_the_back_link_leads_through_the_pages_that_were_shown(client: FlaskClient) -> None:
    key = begin(client)
    fill(client, key)
    address, seen = f"/report/{key}/check", []
    while address != "/report":
        address = Page.of(client.get(address)).link("Back")
        seen.append(address.rsplit("/", 1)[1])
    shown = ["more", "photos", "when", "hazards", "what", "spot", "place"]  # nothing lay nearby
    assert seen == [*shown, "report"]


def test_a_changed_answer_leads_back_to_the_check(council: Store, client: FlaskClient) -> None:
    key = begin(client)
    fill(client, key)
    changed = answer(client, key, "what", charger_band="over_100", cylinders="")
    assert changed.location == f"/report/{key}/check"
    send(client, key)
    assert (reports(council)[0].charger_band, reports(council)[0].cylinders) == ("over_100", None)


@pytest.mark.parametrize(
    ("question", "data", "words"),
    [
        ("place", {"words": ""}, "Write a postcode, street, place or grid reference"),
        ("place", {"words": "https://maps.app.goo.gl/AbCd12"}, "This short link does not say"),
        ("place", {"words": "///filled.count.soap"}, "We cannot look up what3words"),
        ("place", {"words": "Nowhere Lane"}, "We found no place for “Nowhere Lane”"),
        ("place", {"words": "x" * 2001}, "The place must have at most 2,000 characters"),
        ("place", {"lon": "nan", "lat": "51"}, "not a place in Great Britain"),
        ("place", {"lon": "east", "lat": "51"}, "not a place in Great Britain"),
        ("what", {"cylinders": "3"}, "Choose how many small cartridges"),
        ("what", {"charger_band": "none", "cylinders": "many"}, "The number of large cylinders"),
        ("what", {"charger_band": "none", "cylinders": "-1"}, "The number of large cylinders"),
        ("hazards", {"has_glass": "y"}, "Choose whether you saw them dumped"),
        ("when", {"clean": "unknown"}, "Choose when you first saw them"),
        (
            "when",
            {"seen": "earlier", "clean": "unknown"},
            "Write the day when you first saw them, such as",
        ),
        (
            "when",
            {"seen": "earlier", "seen_on": ["31", "2", "2026"], "clean": "unknown"},
            "Write the day when you first saw them, such as",
        ),
        (
            "when",
            {"seen": "earlier", "seen_on": ["24", "11", "2026"], "clean": "unknown"},
            "The day when you first saw them lies in the future",
        ),
        (
            "when",
            {"seen": "earlier", "seen_on": ["1", "1", "2025"], "clean": "unknown"},
            "more than a year ago",
        ),
        (
            "when",
            {
                "seen": "earlier",
                "seen_on": ["22", "11", "2026"],
                "seen_at": "25 o'clock",
                "clean": "unknown",
            },
            "Write the time of the day when you first saw them like 10pm",
        ),
        (
            "when",
            {
                "seen": "earlier",
                "seen_on": ["20", "11", "2026"],
                "clean": "known",
                "clean_on": ["21", "11", "2026"],
            },
            "The day when it was last clean must be before",
        ),
        ("more", {"email": "jo@example"}, "Write your email address like"),
        ("more", {"email": "a@b.uk\nBcc: c@d.uk"}, "Write your email address like"),
        (
            "more",
            {"description": "x" * 1001},
            "What else the crew should know must have at most 1,000",
        ),
        ("photos", {"photos": b"text"}, "Photo 1 of 1: The photo cannot"),
    ],
)
@time_machine.travel(MONDAY, tick=False)
def test_a_bad_answer_is_met_by_a_sentence_and_nothing_is_lost(
    client: FlaskClient, question: str, data: dict, words: str
) -> None:
    key = begin(client)
    if "photos" in data:  # a stream can be sent once, and both stores send it
        data = {"photos": (io.BytesIO(data["photos"]), "a.jpg")}
    if question == "place":
        refused = answer(client, key, question, **data)
    else:
        answer(client, key, "place", words=INSIDE)
        refused = answer(client, key, question, **data)
    page = shown_again(client, refused, f"/report/{key}/{question}")
    assert words in page.error_summary[0].text
    typed = {value for name, value in data.items() if isinstance(value, str) and name != "lon"}
    assert typed - page.typed <= {"51"}  # a device's position that is none is not offered again
    if question != "place":
        assert "TQ 5300 7400" in client.get(f"/report/{key}/spot").text


def shown_again(client: FlaskClient, refused: TestResponse, address: str) -> Page:
    """The page that a refused answer leads to: got, not sent, so that Back asks for nothing."""
    assert (refused.status_code, refused.location) == (302, address)
    page = Page.of(client.get(address))
    assert page.title.startswith("Error: ") or page.error_summary
    return page


def test_what_was_refused_is_forgotten_once_another_answer_is_taken(client: FlaskClient) -> None:
    key = begin(client)
    answer(client, key, "place", words="Nowhere Lane")
    answer(client, key, "place", words=INSIDE)
    page = Page.of(client.get(f"/report/{key}/place"))
    assert page.error_summary == []
    assert "Nowhere Lane" not in page.typed


@time_machine.travel(MONDAY, tick=False)
def test_the_times_between_which_it_was_dumped_are_read_as_london_s(
    council: Store, client: FlaskClient
) -> None:
    times = {
        "seen": "earlier",
        "seen_on": ["1", "7", "2026"],
        "seen_at": "7.30 am",
        "clean": "known",
        "clean_on": ["30", "6", "2026"],
        "clean_at": "10pm",
    }
    reporting.report(client, when=times)
    (row,) = reports(council)
    assert row.first_seen_at == datetime(2026, 7, 1, 6, 30, tzinfo=UTC)  # summer time
    assert row.last_clean_at == datetime(2026, 6, 30, 21, 0, tzinfo=UTC)


@time_machine.travel(MONDAY, tick=False)
def test_who_is_in_a_hurry_need_not_say_that_they_do_not_know(
    council: Store, client: FlaskClient
) -> None:
    reporting.report(client, when={"seen": "now"})
    (row,) = reports(council)
    assert row.last_clean_at is None


@time_machine.travel(MONDAY, tick=False)
def test_a_day_without_a_time_claims_no_more_than_is_known(
    council: Store, client: FlaskClient
) -> None:
    times = {
        "seen": "earlier",
        "seen_on": ["22", "11", "2026"],
        "clean": "known",
        "clean_on": ["21", "11", "2026"],
    }
    reporting.report(client, when=times)
    (row,) = reports(council)
    assert row.first_seen_at == datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    assert row.last_clean_at == datetime(2026, 11, 21, 0, 0, tzinfo=UTC)


def test_a_device_s_position_is_taken_with_its_accuracy(
    council: Store, client: FlaskClient
) -> None:
    key = begin(client)
    # 552500, 174000 is 0.19299 E, 51.44441 N
    answer(client, key, "place", words="", lon="0.19299", lat="51.44441", accuracy_m="17")
    fill_rest(client, key)
    send(client, key)
    (row,) = reports(council)
    assert row.geometry.distance(shapely.Point(552_500, 174_000)) < 10
    assert row.accuracy_m == 17


def fill_rest(client: FlaskClient, key: str) -> None:
    question = client.get(f"/report/{key}/check").location.rsplit("/", 1)[1]
    while question != "check":
        question = answer(client, key, question).location.rsplit("/", 1)[1]


def test_the_position_of_a_photo_is_offered_and_the_photo_kept(
    council: Store, client: FlaskClient
) -> None:
    key = begin(client)
    at = exif_at((51.0, 26.0, 39.876), (0.0, 11.0, 34.764))  # 51.44441 N, 0.19299 E
    client.post(f"/report/{key}/place-of-photo", data={"photo": photo(exif=at)})
    page = client.get(f"/report/{key}/spot").text
    assert "Where the photo was taken" in page
    fill_rest(client, key)
    send(client, key)
    assert reports(council)[0].geometry.distance(shapely.Point(552_500, 174_000)) < 10
    assert count(council, Photo) == 1


def test_a_photo_without_a_position_is_kept_and_said_to_have_none(
    council: Store, client: FlaskClient
) -> None:
    key = begin(client)
    refused = client.post(f"/report/{key}/place-of-photo", data={"photo": photo()})
    page = shown_again(client, refused, f"/report/{key}/place")
    assert "does not say where it was taken" in page.error_summary[0].text
    assert count(council, DraftPhoto) == 1


def test_photos_wait_with_the_draft_and_go_with_the_report(
    council: Store, client: FlaskClient
) -> None:
    key = begin(client)
    red, green = photo(), (io.BytesIO(encoded(picture(colour="green"))), "b.jpg")
    page = client.post(f"/report/{key}/photos", data={"photos": [red, green]})
    assert page.location == f"/report/{key}/photos"
    first, _ = Page.of(client.get(page.location)).images
    shown = client.get(first.src)
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    client.post(f"{first.src.removesuffix('.jpg')}/remove")
    fill(client, key)
    send(client, key)
    with council.reading() as session:
        (kept,) = session.scalars(select(Photo)).all()
    assert (kept.state, kept.report_id) == ("pending", reports(council)[0].id)


def test_one_bad_photo_loses_none_of_the_good_ones(council: Store, client: FlaskClient) -> None:
    key = begin(client)
    bad = (io.BytesIO(b"no photo"), "b.jpg")
    refused = client.post(f"/report/{key}/photos", data={"photos": [photo(), bad], "go_on": "yes"})
    page = shown_again(client, refused, f"/report/{key}/photos")
    assert "Photo 2 of 2" in page.error_summary[0].text
    assert len(page.images) == 1
    assert count(council, DraftPhoto) == 1


def test_a_sixth_photo_is_refused_and_five_are_kept(council: Store, client: FlaskClient) -> None:
    key = begin(client)
    files = [(io.BytesIO(encoded(picture((20 + n, 20)))), f"{n}.jpg") for n in range(6)]
    refused = client.post(f"/report/{key}/photos", data={"photos": files})
    page = shown_again(client, refused, f"/report/{key}/photos")
    assert "Up to 5 photos are kept: leave 1 out" in page.text
    assert count(council, DraftPhoto) == 5


def test_another_s_draft_photo_is_not_shown(client: FlaskClient) -> None:
    mine, other = begin(client), begin(client)
    client.post(f"/report/{mine}/photos", data={"photos": [photo()]})
    (image,) = Page.of(client.get(f"/report/{mine}/photos")).images
    assert client.get(image.src).status_code == 200
    assert client.get(image.src.replace(mine, other)).status_code == 404


@pytest.fixture
def neighboured(council: Store) -> Store:
    with council.writing() as session:
        area = shapely.box(556_000, 173_000, 560_000, 175_000)
        places.add(session, PlaceKind.NEIGHBOUR, "Gravesham", area, note="Call 01474 337000.")
        places.add(session, PlaceKind.CAR_PARK, "Westgate", shapely.Point(553_000, 174_000))
        places.add(session, PlaceKind.CAR_PARK, "Westgate East", shapely.Point(555_000, 174_000))
    return council


def test_a_place_next_door_is_told_whose_it_is(neighboured: Store, client: FlaskClient) -> None:
    key = begin(client)
    answer(client, key, "place", words="TQ 5700 7400")
    refused = answer(client, key, "spot", landmark="By the gate")
    assert refused.location == f"/report/{key}/elsewhere"
    page = client.get(refused.location)
    assert "That place is in Gravesham" in page.text
    assert "It lies about 1.0 km outside Testford" in page.text
    assert "Call 01474 337000." in page.text
    answer(client, key, "place", words=INSIDE)
    assert Page.of(client.get(f"/report/{key}/spot")).value("landmark") == "By the gate"
    assert client.get(f"/report/{key}/elsewhere").location == f"/report/{key}/spot"
    assert answer(client, key, "spot").location == f"/report/{key}/what"


def test_a_place_on_the_far_side_of_the_border_road_is_taken(
    neighboured: Store, client: FlaskClient
) -> None:
    key = begin(client)
    answer(client, key, "place", words="TQ 5604 7400")  # 556045: 45 m over
    assert answer(client, key, "spot").location == f"/report/{key}/what"
    key = begin(client)
    answer(client, key, "place", words="TQ 5605 7400")  # 556055: 55 m over
    assert answer(client, key, "spot").location == f"/report/{key}/elsewhere"


def test_several_places_of_a_name_become_a_choice(neighboured: Store, client: FlaskClient) -> None:
    key = begin(client)
    page = answer(client, key, "place", words="westg")
    assert len(Page.of(client.get(page.location)).fields["choice"].choices) == 2
    refused = client.post(page.location, data={"words": "westg"})
    assert "Choose a place" in shown_again(client, refused, page.location).error_summary[0].text
    chosen = client.post(page.location, data={"words": "westg", "choice": "1"})
    assert chosen.location == f"/report/{key}/spot"
    assert "Westgate East" in client.get(chosen.location).text


def test_a_moved_pin_moves_the_report(council: Store, client: FlaskClient) -> None:
    key = begin(client)
    answer(client, key, "place", words=INSIDE)
    answer(client, key, "spot", lon="0.19299", lat="51.44441", landmark="")
    fill_rest(client, key)
    send(client, key)
    assert reports(council)[0].geometry.distance(shapely.Point(552_500, 174_000)) < 10


@pytest.mark.parametrize(("sent_m", "kept_m"), [("3.7", 10), ("30", 30), ("", 10), ("x", 10)])
def test_a_pin_is_as_exact_as_the_zoom_that_it_was_set_at(
    council: Store, client: FlaskClient, sent_m: str, kept_m: float
) -> None:
    key = begin(client)
    answer(client, key, "place", words=INSIDE)
    answer(client, key, "spot", lon="0.19299", lat="51.44441", accuracy_m=sent_m)
    assert f"good to {kept_m} metres" in client.get(f"/report/{key}/spot").text


@pytest.mark.parametrize("sent_m", ["51", "476", "nan", "inf"])
def test_a_pin_set_from_far_out_is_asked_for_again(client: FlaskClient, sent_m: str) -> None:
    key = begin(client)
    answer(client, key, "place", words=INSIDE)
    pin = {"lon": "0.19299", "lat": "51.44441", "accuracy_m": sent_m, "landmark": "By the gate"}
    refused = answer(client, key, "spot", **pin)
    page = shown_again(client, refused, f"/report/{key}/spot")
    assert "too far out" in page.error_summary[0].text
    assert (page.value("landmark"), page.value("lon")) == ("By the gate", "")
    assert "TQ 5300 7400" in page.text  # the place is still the one before


def test_a_known_dump_can_be_confirmed_instead_of_reported_anew(
    council: Store, client: FlaskClient
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        reporting.report(client)
    with time_machine.travel(MONDAY + timedelta(hours=30), tick=False):
        key = begin(client)
        answer(client, key, "place", words="TQ 5304 7400")  # 40 m east: beyond the linking radius
        page = answer(client, key, "spot")
        assert page.location == f"/report/{key}/nearby"
        shown = Page.of(client.get(page.location))
        assert "1. About 40 metres away, reported 1 day ago" in shown.text
        assert "by the end of Wednesday 25 November" in shown.text
        number = shown.fields["choice"].choices[0]
        page = answer(client, key, "nearby", choice=number)
        assert page.location == f"/report/{key}/hazards"  # not asked how much lies there
        answer(client, key, "hazards", has_needles="y", from_vehicle="unknown")
        fill_rest(client, key)
        receipt = client.get(f"/track/{send(client, key)}/receipt").text
    assert "by 7pm on Tuesday 24 November" in receipt  # needles go within 4 hours of 3pm
    assert (count(council, Report), count(council, Incident)) == (2, 1)
    assert [row.has_needles for row in reports(council)] == [False, True]


def test_a_known_dump_is_shown_on_a_map_and_by_its_approved_photo_alone(
    council: Store, client: FlaskClient
) -> None:
    key = begin(client)
    client.post(f"/report/{key}/photos", data={"photos": [photo()]})
    fill(client, key)
    send(client, key)
    key = begin(client)
    answer(client, key, "place", words="TQ 5304 7400")  # 40 m east
    page = Page.of(client.get(answer(client, key, "spot").location))
    (number,) = (choice for choice in page.fields["choice"].choices if choice != "none")
    address = f"/report/{key}/nearby/{number}.jpg"
    assert (page.images, client.get(address).status_code) == ([], 404)  # nobody has looked at it
    with council.writing() as session:
        session.scalars(select(Photo)).one().state = "approved"
    assert Page.of(client.get(f"/report/{key}/nearby")).images[0].src == address
    assert client.get(address).mimetype == "image/jpeg"
    yours, known = client.get(f"/report/{key}/nearby.geojson").json["features"]
    assert (yours["properties"]["label"], known["properties"]["label"]) == ("", "1")
    # 40 m at 51.44 degrees north are 40 / 69,400 degrees of longitude.
    apart = yours["geometry"]["coordinates"][0] - known["geometry"]["coordinates"][0]
    assert apart == pytest.approx(40 / 69_400, rel=0.02)
    far = begin(client)
    answer(client, far, "place", words="TQ 5340 7400")
    assert client.get(f"/report/{far}/nearby/{number}.jpg").status_code == 404


def test_none_of_the_known_ones_is_a_new_report(council: Store, client: FlaskClient) -> None:
    reporting.report(client)
    reporting.report(client, words="TQ 5304 7400", nearby={"choice": "none"})
    assert (count(council, Report), count(council, Incident)) == (2, 2)


def test_the_known_ones_tell_nothing_of_who_reported(client: FlaskClient) -> None:
    facts = {"description": "a secret", "email": "jo@example.org"}
    reference = reporting.report(client, spot={"landmark": "a secret"}, more=facts)
    key = begin(client)
    answer(client, key, "place", words=INSIDE)
    page = client.get(answer(client, key, "spot").location).text
    for secret in ("a secret", "jo@example.org", reference):
        assert secret not in page


def test_a_poster_s_code_fills_in_the_place_and_marks_the_channel(
    council: Store, client: FlaskClient
) -> None:
    with council.writing() as session:
        at = shapely.Point(553_100, 174_100)
        session.add(PosterSite(code="WG1", name="Westgate, level 2", geometry=at))
    assert "Westgate, level 2" in client.get("/report?site=wg1").text
    key = begin(client, site="WG1")
    fill_rest(client, key)
    send(client, key)
    (row,) = reports(council)
    assert (row.channel, row.geometry.x, row.poster_site_id) == ("poster", 553_100, 1)


def test_an_unknown_poster_s_code_is_no_obstacle(client: FlaskClient) -> None:
    assert client.get("/report?site=GONE").status_code == 200
    assert begin(client, site="GONE")


def test_a_filled_honeypot_sends_nothing_but_loses_nothing(
    council: Store, client: FlaskClient
) -> None:
    key = begin(client)
    fill(client, key)
    refused = client.post(f"/report/{key}/check", data={"website": "https://spam.example"})
    page = shown_again(client, refused, f"/report/{key}/check")
    assert "as programs do" in page.error_summary[0].text
    assert count(council, Report) == 0
    send(client, key)


def test_one_draft_cannot_be_hammered(client: FlaskClient) -> None:
    key = begin(client)
    statuses = [answer(client, key, "what", charger_band="x").status_code for _ in range(41)]
    assert statuses == [302] * 40 + [429]
    other = begin(client)
    assert answer(client, other, "what").status_code == 302


def test_a_draft_that_nobody_knows_is_said_to_be_gone(client: FlaskClient) -> None:
    page = client.get("/report/nobodyknowsthis/what")
    assert page.status_code == 404
    assert "left for too long" in page.text


@pytest.mark.parametrize("question", ["place", *QUICK])
def test_pages_of_a_draft_are_kept_out_of_caches(client: FlaskClient, question: str) -> None:
    key = begin(client)
    answer(client, key, "place", words=INSIDE)
    assert client.get(f"/report/{key}/{question}").headers["Cache-Control"] == "no-store"
