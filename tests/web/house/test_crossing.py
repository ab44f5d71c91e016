"""A report that begins at one council and whose place is next door's."""

import io

from sqlalchemy import func, select
from werkzeug.test import Client

from geodata.models import DraftPhoto, PhotoContent, Report, ReportDraft, ReporterContact
from tests.pictures import encoded, picture
from tests.web.house.houses import EAST, NAMES, WEST, store_of
from tests.web.reporting import QUICK
from web.house.dispatch import Dispatcher
from web.house.house_file import House, Site

IN_WEST, IN_EAST = "TQ 5300 7400", "TQ 5500 7400"


def counts(site: Site) -> dict[str, int]:
    tables = (Report, ReportDraft, DraftPhoto, PhotoContent, ReporterContact)
    with store_of(site) as store, store.reading() as session:
        return {
            table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in tables
        }


def begin(client: Client, prefix: str) -> str:
    """The address of a new draft."""
    location = str(client.post(f"{prefix}/report").location)
    return location.rpartition("/")[0]


def answer_all(client: Client, at: str) -> list[str]:
    """Answer what is still open, from a question's address on; the questions that were asked."""
    questions = []
    while not at.endswith("/check"):
        question = at.rpartition("/")[2]
        questions.append(question)
        kept = {"spot": {"landmark": "By the bins"}}
        at = client.post(at, data=kept.get(question, QUICK[question])).location
    return questions


def test_a_report_goes_on_next_door_with_all_that_was_entered(
    house: House, dispatcher: Dispatcher
) -> None:
    client = Client(dispatcher)
    # All is answered for a place in the west, with a photo and an address; then the place moves.
    draft = begin(client, "/westford")
    client.post(f"{draft}/place", data={"words": IN_WEST})
    client.post(f"{draft}/spot", data={"landmark": "By the bins"})
    client.post(f"{draft}/what", data={"charger_band": "over_100", "cylinders": "7"})
    client.post(f"{draft}/hazards", data=QUICK["hazards"])
    client.post(f"{draft}/when", data=QUICK["when"])
    shot = encoded(picture(size=(320, 240)))
    client.post(f"{draft}/photos", data={"photos": (io.BytesIO(shot), "shot.jpg")})
    client.post(f"{draft}/photos", data={"go_on": "yes"})
    client.post(f"{draft}/more", data={"description": "A blue crate", "email": "jo@example.org"})
    client.post(f"{draft}/place", data={"words": IN_EAST})
    away = client.post(f"{draft}/spot", data={"landmark": "By the bins"}).location
    page = client.get(away).text
    assert NAMES[EAST] in page
    assert counts(house.site(WEST))["draft_photo"] == 1

    over = client.post(away)
    assert over.location.startswith("/eastham/report/")
    greeting = client.get(over.location).text
    assert f"This is the area of {NAMES[EAST]}" in greeting
    assert NAMES[WEST] in greeting

    # Only the place is asked again: there the borders and open incidents are others.
    at = greeting.split('class="govuk-button"')[0].rpartition('href="')[2].partition('"')[0]
    assert "By the bins" in client.get(at).text
    assert answer_all(client, at) == ["spot"]
    receipt = client.post(f"{over.location.rpartition('/')[0]}/check", data={"website": ""})
    assert receipt.location.startswith("/eastham/track/")
    reference = receipt.location.split("/")[3]
    assert reference in client.get(receipt.location).text
    with store_of(house.site(EAST)) as store, store.reading() as session:
        report = session.scalars(select(Report)).one()
        assert (report.reference, report.charger_band, report.cylinders) == (
            reference,
            "over_100",
            7,
        )
        assert (report.description, report.landmark) == ("A blue crate", "By the bins")
        assert (report.geometry.x, report.geometry.y) == (555_005, 174_005)
    assert counts(house.site(EAST)) == {
        "report": 1,
        "report_draft": 0,
        "draft_photo": 0,
        "photo_content": 1,
        "reporter_contact": 1,
    }
    kept = counts(house.site(WEST))
    assert (kept["report"], kept["draft_photo"], kept["reporter_contact"]) == (0, 0, 0)
    # Whoever goes back to the first council's pages is led to the receipt.
    again = client.get(f"{draft}/check", follow_redirects=True)
    assert reference in again.text
    assert client.get(f"/westford/track/{reference}").status_code == 404


def test_passed_on_twice_it_is_one_draft(house: House, dispatcher: Dispatcher) -> None:
    client = Client(dispatcher)
    draft = begin(client, "/westford")
    client.post(f"{draft}/place", data={"words": IN_EAST})
    away = client.post(f"{draft}/spot", data={"landmark": "Gate"}).location
    first = client.post(away).location
    # The first council forgot that it had passed it on: its process died before it wrote so.
    with store_of(house.site(WEST)) as west, store_of(house.site(EAST)) as east:
        with east.reading() as session:
            there = session.scalars(select(ReportDraft)).one().answers
        with west.writing() as session:
            session.scalars(select(ReportDraft)).one().answers = there
    client.post(first.replace("passed-on", "spot"), data={"landmark": "Another gate"})
    assert client.post(away).location == first
    assert counts(house.site(EAST))["report_draft"] == 1
    with store_of(house.site(EAST)) as east, east.reading() as session:
        assert session.scalars(select(ReportDraft)).one().answers["landmark"] == "Another gate"


def test_a_place_of_nobody_who_is_here_is_told_as_ever(dispatcher: Dispatcher) -> None:
    client = Client(dispatcher)
    draft = begin(client, "/westford")
    client.post(f"{draft}/place", data={"words": "SH 6000 5400"})
    away = client.post(f"{draft}/spot", data={"landmark": ""}).location
    page = client.get(away).text
    assert "Find its council on GOV.UK" in page
    assert "Go on with" not in page
    assert client.post(away).location.startswith("/westford/report/")
