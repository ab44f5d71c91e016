"""A correction opens with what was entered and keeps what nobody touched, on both stores."""

import io
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from geodata.media import photos
from geodata.models import Clearance
from geodata.store.engine import Store
from tests.web.conftest import SignIn
from tests.web.contractor.test_contractor import NOW, _at_noon, keys, tell  # noqa: F401
from tests.web.page import Page

pytestmark = pytest.mark.usefixtures("_at_noon")
ENTERED = {
    "outcome": "cleared",
    "charger_band": "11_to_50",
    "cylinders": "3",
    "sacks": "2",
    "weight_kg": "12.5",
    "disposal": "specialist_gas",
    "note": "Behind the gate",
    "occurred_at": "2026-11-25T10:15:00+00:00",
    "lon": "0.2",
    "lat": "51.4",
    "accuracy_m": "9",
}


def picture(colour: str) -> tuple[io.BytesIO, str]:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(made, "JPEG")
    return io.BytesIO(made.getvalue()), f"{colour}.jpg"


@pytest.fixture
def crew(signed_in: SignIn) -> FlaskClient:
    return signed_in("contractor")


@pytest.fixture
def job(council: Store) -> str:
    return f"/contractor/jobs/{tell(council, 0, 6)}"


@pytest.fixture
def entry(crew: FlaskClient, job: str, council: Store) -> int:
    """Two photos, a red and a green one, and every field of something cleared."""
    files = [picture("red"), picture("green")]
    assert crew.post(job, data=ENTERED | {"pictures": files}).status_code == 302
    with council.reading() as session:
        return session.scalars(select(Clearance.id)).one()


def newest(store: Store) -> tuple[Clearance, list[str]]:
    """The newest entry, and the hashes of its photos."""
    with store.reading() as session:
        row = session.scalars(select(Clearance).order_by(Clearance.id.desc()).limit(1)).one()
        return row, photo_hashes(store, row.id)


def photo_hashes(store: Store, entry_id: int) -> list[str]:
    with store.reading() as session:
        return [
            str(photos.content(session, photo.id)[:400])
            for photo in photos.of_owner(session, clearance_id=entry_id)
        ]


def as_shown(crew: FlaskClient, address: str) -> dict[str, str]:
    """The form as a browser would send it, untouched."""
    fields = Page.of(crew.get(address)).fields
    return {name: field.values[0] for name, field in fields.items() if field.values}


def test_a_correction_opens_with_all_that_was_entered(
    crew: FlaskClient, job: str, entry: int
) -> None:
    shown = as_shown(crew, f"{job}?replaces={entry}")
    names = ("outcome", "charger_band", "cylinders", "sacks", "disposal", "note", "occurred_at")
    assert {name: shown[name] for name in names} == {name: ENTERED[name] for name in names}
    assert float(shown["weight_kg"]) == 12.5
    assert [image.alt for image in Page.of(crew.get(f"{job}?replaces={entry}")).images][:2] == [
        "Photo 1 of the entry",
        "Photo 2 of the entry",
    ]


def test_one_changed_number_leaves_all_else_as_it_was(
    crew: FlaskClient, job: str, entry: int, council: Store
) -> None:
    shown = as_shown(crew, f"{job}?replaces={entry}")
    assert crew.post(job, data=shown | {"sacks": "5"}).status_code == 302
    row, hashes = newest(council)
    assert (row.cylinders, row.sacks, row.weight_kg, row.chargers) == (3, 5, 12.5, 25)
    assert (row.disposal, row.note, row.replaces_id) == ("specialist_gas", "Behind the gate", entry)
    assert row.occurred_at == NOW - timedelta(hours=1, minutes=45)  # when it was cleared, not now
    assert row.geometry is not None
    assert hashes == photo_hashes(council, entry)
    assert len(hashes) == 2


def test_a_phone_that_sends_only_what_changed_loses_nothing(
    crew: FlaskClient, job: str, entry: int, council: Store
) -> None:
    data = {"outcome": "cleared", "replaces": str(entry), "note": "Left of the gate"}
    assert crew.post(job, data=data).status_code == 302
    row, hashes = newest(council)
    assert (row.cylinders, row.sacks, row.note) == (3, 2, "Left of the gate")
    assert len(hashes) == 2


def test_a_photo_may_be_left_out_and_another_added(
    crew: FlaskClient, job: str, entry: int, council: Store
) -> None:
    with council.reading() as session:
        red, _ = photos.of_owner(session, clearance_id=entry)
    data = as_shown(crew, f"{job}?replaces={entry}") | {"without": str(red.id)}
    crew.post(job, data=data | {"pictures": [picture("blue")]})
    _, hashes = newest(council)
    before = photo_hashes(council, entry)
    assert len(before) == 2  # the entry that was corrected keeps its own
    assert hashes[0] == before[1]
    assert len(hashes) == 2
    assert hashes[1] not in before


def test_without_its_photos_a_clearance_needs_a_reason(
    crew: FlaskClient, job: str, entry: int, council: Store
) -> None:
    with council.reading() as session:
        keys_of = [str(photo.id) for photo in photos.of_owner(session, clearance_id=entry)]
    data = as_shown(crew, f"{job}?replaces={entry}") | {"without": keys_of}
    answer = crew.post(job, data=data)
    assert answer.status_code == 400
    assert Page.of(answer).errors["no_photo_reason"] == "Add a photo, or say why there is none"


def test_four_new_photos_beside_two_kept_are_one_too_many(
    crew: FlaskClient, job: str, entry: int
) -> None:
    files = [picture(colour) for colour in ("blue", "white", "black", "pink")]
    data = as_shown(crew, f"{job}?replaces={entry}") | {"pictures": files}
    answer = crew.post(job, data=data)
    assert answer.status_code == 400
    assert "leave 1 out" in Page.of(answer).errors["pictures"]


def test_what_turns_out_not_found_took_nothing_away(
    crew: FlaskClient, job: str, entry: int, council: Store
) -> None:
    crew.post(job, data=as_shown(crew, f"{job}?replaces={entry}") | {"outcome": "not_found"})
    row, hashes = newest(council)
    assert (row.outcome, row.cylinders, row.sacks) == ("not_found", None, None)
    assert len(hashes) == 2  # they show the place, whatever was found there


def test_an_entry_that_was_corrected_before_is_not_opened(
    crew: FlaskClient, job: str, entry: int
) -> None:
    crew.post(job, data=as_shown(crew, f"{job}?replaces={entry}"))
    page = Page.of(crew.get(f"{job}?replaces={entry}"))
    assert page.value("replaces") == ""
    assert "was corrected already" in page.text


def test_an_entry_changed_on_the_phone_after_all_reached_us_is_its_correction(
    crew: FlaskClient, job: str, council: Store
) -> None:
    """The answer to the first was lost, so the phone believes that it still waits."""
    queue = job.replace("/jobs/", "/outcomes/")
    first = {"outcome": "cleared", "no_photo_reason": "Dark", "sacks": "1"}
    crew.post(queue, data=first | {"idempotency_key": "k1"})
    changed = first | {"sacks": "4", "idempotency_key": "k2", "supersedes": "k1"}
    assert crew.post(queue, data=changed).get_json()["is_new"]
    row, _ = newest(council)
    assert row.sacks == 4
    assert row.replaces_id is not None


def test_an_entry_of_another_account_is_not_taken(
    crew: FlaskClient, signed_in: SignIn, job: str, council: Store
) -> None:
    own = as_shown(crew, job)["owner"]
    queue = job.replace("/jobs/", "/outcomes/")
    officer = signed_in("officer")
    entry = {"outcome": "not_found", "idempotency_key": "k1", "owner": own}
    answer = officer.post(queue, data=entry)
    assert answer.status_code == 409
    assert answer.get_json()["is_other_account"] is True
    with council.reading() as session:
        assert session.scalars(select(Clearance)).all() == []
    assert crew.post(queue, data=entry).status_code == 200
    assert officer.get("/contractor/token").get_json()["account"] != own


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("cylinders", "x", "Enter a whole number, 0 or more and up to 10,000, as the number of"),
        ("sacks", "2.5", "as the number of sacks"),
        ("weight_kg", "4,5", "as the weight in kilograms"),
        ("weight_kg", "10000.5", "as the weight in kilograms"),
        ("note", "x" * 2_001, "Write at most 2,000 characters as the note"),
    ],
)
def test_a_refused_field_is_named_in_plain_words(
    crew: FlaskClient, job: str, field: str, value: str, message: str
) -> None:
    data = {"outcome": "not_found", "cylinders": "", "sacks": "", "weight_kg": ""}
    answer = crew.post(job, data=data | {field: value})
    assert answer.status_code == 400
    errors = Page.of(answer).errors
    assert set(errors) == {field}
    assert message in errors[field]


def test_numbers_may_be_left_empty(crew: FlaskClient, job: str) -> None:
    data = {"outcome": "not_found", "cylinders": "", "sacks": "", "weight_kg": ""}
    assert crew.post(job, data=data).status_code == 302


def test_an_entry_changed_on_the_phone_keeps_the_photos_it_sends_and_no_others(
    crew: FlaskClient, job: str, council: Store
) -> None:
    """The phone sends all of its photos again: the first three and these three are not six."""
    queue = job.replace("/jobs/", "/outcomes/")
    for key, earlier, colours in (("k1", "", "red green blue"), ("k2", "k1", "red green white")):
        files = [picture(colour) for colour in colours.split()]
        data = {"outcome": "cleared", "idempotency_key": key, "supersedes": earlier}
        assert crew.post(queue, data=data | {"pictures": files}).status_code == 200
    _, hashes = newest(council)
    assert len(hashes) == 3


def test_a_correction_changed_on_the_phone_after_it_reached_us_keeps_the_first_photos(
    crew: FlaskClient, job: str, entry: int, council: Store
) -> None:
    queue = job.replace("/jobs/", "/outcomes/")
    shown = as_shown(crew, f"{job}?replaces={entry}")
    sent = shown | {"sacks": "7", "idempotency_key": "k1"}
    assert crew.post(queue, data=sent | {"pictures": [picture("blue")]}).status_code == 200
    changed = shown | {"sacks": "8", "idempotency_key": "k2", "supersedes": "k1"}
    assert crew.post(queue, data=changed | {"pictures": [picture("pink")]}).status_code == 200
    row, hashes = newest(council)
    assert row.sacks == 8
    assert hashes[:2] == photo_hashes(council, entry)
    assert len(hashes) == 3  # red and green of the entry, and the pink one; not the blue


def test_no_photo_of_another_job_is_carried_over(
    crew: FlaskClient, entry: int, council: Store
) -> None:
    other = f"/contractor/jobs/{tell(council, 500, 3)}"
    answer = crew.post(other, data={"outcome": "cleared", "replaces": str(entry)})
    assert answer.status_code == 400
    assert Page.of(answer).errors["no_photo_reason"] == "Add a photo, or say why there is none"


def test_a_new_line_counts_as_one_character(crew: FlaskClient, job: str) -> None:
    data = {"outcome": "not_found", "note": "x" * 1_999 + "\r\n"}
    assert crew.post(job, data=data).status_code == 302


def test_an_officer_corrects_from_the_page_of_the_incident(
    signed_in: SignIn, job: str, entry: int
) -> None:
    key = job.rsplit("/", 1)[-1]
    page = Page.of(signed_in("officer").get(f"/officer/incidents/{key}"))
    assert f"{job}?replaces={entry}" in {link.href for link in page.links}
