"""A poster campaign: sites with most dumps in view, wording of the day, print, events."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
import shapely
import time_machine
from sqlalchemy import select

from geodata import places, posters, settings
from geodata.engine import Store
from geodata.errors import RefusedError
from geodata.importers.batches import import_file
from geodata.models import Intervention
from geodata.poster_wording import packaged, wording_on
from geodata.vocabulary import PlaceKind
from web.services import poster_campaigns
from web.services.linking import relink

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WISH = poster_campaigns.CampaignWish("Winter", date(2026, 12, 1), budget=1, view_m=50)
FORM = {"name": "Winter", "valid_from": ["1", "12", "2026"], "budget": "1", "view_m": "50"} | {
    "valid_to": ["28", "2", "2027"],
    "review_on": ["1", "6", "2027"],
}


@pytest.fixture
def lamps(council: Store, tmp_path: Path) -> Store:
    """Three dumps near a car park, one near a lamp column, one in view of nothing."""
    spots = ((552_500, 10), (552_520, 8), (552_530, 6), (554_000, 5), (555_500, 4))
    path = tmp_path / "reports.csv"
    rows = [f"2026-{month:02}-02,{x},174000" for x, month in spots]
    path.write_text("Date,Easting,Northing\n" + "\n".join(rows))
    with council.writing() as session:
        import_file(session, "reports", path, now=NOW)
        relink(session, now=NOW)
        for kind, name, x in (
            (PlaceKind.LAMP_COLUMN, "Column 7", 554_010),
            (PlaceKind.CAR_PARK, "Westgate car park", 552_510),
            (PlaceKind.STATION, "Station", 555_500),
        ):
            places.add(session, kind, name, shapely.Point(x, 174_000))
    return council


def start(session, wish: poster_campaigns.CampaignWish = WISH) -> int:
    return poster_campaigns.start(session, poster_campaigns.choose(session, wish, now=NOW))


def test_the_site_with_most_dumps_in_view_is_chosen_and_the_next_is_told(lamps: Store) -> None:
    with lamps.writing() as session:
        key = start(session)
        told = posters.find_campaign(session, key).wording["siting"]
        sites = poster_campaigns.site_states(session, key)
    assert [(site.name, site.last_kind) for site in sites] == [("Westgate car park", None)]
    assert re.fullmatch(r"PS\d{4}", sites[0].code)
    assert (told["covered"], told["bound"], told["total"], told["next_adds"]) == (3, 3, 5, 1)


def test_what_each_next_site_adds_is_kept_and_a_campaign_is_an_intervention(lamps: Store) -> None:
    with lamps.writing() as session:
        wish = replace(WISH, budget=2, valid_to=date(2027, 2, 28))
        campaign = posters.find_campaign(session, start(session, wish))
        done = session.scalars(select(Intervention)).one()
    # three dumps by the car park, then the one by the lamp column: 4 of 5
    assert campaign.wording["siting"]["adds"] == [
        {"name": "Westgate car park", "added": 3.0, "covered": 3.0},
        {"name": "Column 7", "added": 1.0, "covered": 4.0},
    ]
    assert (done.kind, done.name, done.campaign_id) == ("poster", "Winter", campaign.id)
    assert (done.valid_from, done.valid_to) == (date(2026, 12, 1), date(2027, 2, 28))
    for x, is_in_view in ((552_530, True), (554_000, True), (555_500, False)):
        assert done.geometry.covers(shapely.Point(x, 174_000)) is is_in_view


def test_nowhere_to_hang_a_poster_is_said_with_the_remedy(council: Store) -> None:
    with council.writing() as session, pytest.raises(RefusedError, match="hotspots import places"):
        start(session)


def test_a_second_campaign_of_one_name_is_refused(lamps: Store) -> None:
    with lamps.writing() as session:
        start(session)
        with pytest.raises(RefusedError, match="'Winter' already"):
            start(session)


@pytest.mark.parametrize(
    ("day", "words", "not_words"),
    [
        (date(2016, 5, 25), "litter", "nitrous"),
        (date(2023, 11, 7), "Supplying nitrous oxide", "Class C"),
        (date(2023, 11, 8), "Class C", "psychoactive"),
    ],
)
def test_wording_follows_the_law_of_the_posters_own_day(
    day: date, words: str, not_words: str
) -> None:
    law = wording_on(day).law
    assert words in law
    assert not_words.casefold() not in law.casefold()


def test_wordings_follow_each_other_without_gap_or_overlap() -> None:
    rows = packaged()
    for before, after in pairwise(rows):
        assert (after.valid_from - before.valid_to).days == 1


@time_machine.travel(NOW)
def test_an_officer_starts_a_campaign_prints_it_and_logs_an_event(lamps: Store, signed_in) -> None:
    officer = signed_in("officer")
    assert "no campaign yet" in officer.get("/posters").text
    assert officer.get("/posters/new").status_code == 200
    address = officer.post("/posters/new", data=FORM).location
    page = officer.get(address).text
    assert "3 of 5 dumps" in page
    assert "to 28 Feb 2027" in page
    assert "reviewed on 1 Jun 2027" in page
    assert re.search(r"1\. Westgate car park</th>\s*<td[^>]*>3</td>", page)
    assert "Not put up yet" in page
    for size in ("A4", "A3"):
        assert officer.get(f"{address}-{size}.pdf").data.startswith(b"%PDF-")
    code = re.search(r"PS\d{4}", page)[0]
    officer.post(f"/posters/sites/{code}", data={"kind": "installed"})
    officer.post(f"/posters/sites/{code}", data={"kind": "damaged"})
    assert "Damaged, 23 Nov 2026" in officer.get(address).text
    assert officer.post(f"/posters/sites/{code}", data={"kind": "eaten"}).status_code == 409
    assert officer.post("/posters/sites/NONE", data={"kind": "seen"}).status_code == 404


@time_machine.travel(NOW)
def test_others_write_while_sites_are_searched_for(
    lamps: Store, signed_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = poster_campaigns.site_posters

    def slow_search(*args, **wishes):
        with lamps.writing() as other:
            settings.write(other, "written_meanwhile", True)
        return search(*args, **wishes)

    monkeypatch.setattr(poster_campaigns, "site_posters", slow_search)
    assert signed_in("officer").post("/posters/new", data=FORM).status_code == 302
    with lamps.reading() as session:
        assert settings.read(session, "written_meanwhile") is True


@time_machine.travel(NOW)
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "Enter a name"),
        ({"budget": "0"}, "Enter 1 to 500"),
        ({"valid_from": ["31", "2", "2026"]}, "valid date"),
        ({"valid_to": ["30", "11", "2026"]}, "on or after the one on which posters go up"),
        ({"review_on": ["30", "11", "2026"]}, "on or after the one on which posters go up"),
    ],
)
def test_a_bad_form_comes_back_with_a_sentence(
    lamps: Store, signed_in, change: dict, words: str
) -> None:
    answer = signed_in("officer").post("/posters/new", data=FORM | change)
    assert answer.status_code == 400
    assert words in answer.text


def test_a_campaign_without_chosen_sites_is_shown_with_the_wording_of_its_day(
    council: Store, signed_in
) -> None:
    with council.writing() as session:
        old = posters.add_campaign(session, "Old", valid_from=date(2022, 5, 1), wording={})
    page = signed_in("officer").get(f"/posters/{old.id}").text
    assert "psychoactive" in page
    assert "Class C" not in page


def test_campaigns_are_for_officers_only(lamps: Store, signed_in, client) -> None:
    crew = signed_in("contractor")
    for path in ("/posters", "/posters/new", "/posters/1", "/posters/1-A4.pdf"):
        assert crew.get(path).status_code == 403
        assert client.get(path).status_code == 302
