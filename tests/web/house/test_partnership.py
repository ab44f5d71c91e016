"""A partnership's pages: its members side by side, and nothing of them that is not shown there."""

import re
from datetime import date, timedelta

import pytest
import shapely
from werkzeug.test import Client

from geodata.clearances import contracts
from geodata.clearances.contracts import Terms
from geodata.core.vocabulary import Source
from geodata.store.engine import Store
from tests.web.house.houses import BOTH, EAST, NAMES, WEST, add_user, signed_in, store_of
from web.clock import utc_now
from web.house.dispatch import Dispatcher
from web.house.house_file import House
from web.services.county.border_hotspots import FlaggedPlace, across_borders
from web.services.reporting.intake import NewReport, take_report


def report(store: Store, x: float, *, days_ago: float) -> None:
    at = utc_now() - timedelta(days=days_ago)
    new = NewReport(shapely.Point(x, 174_000), Source.PUBLIC.value, "web", at)
    with store.writing() as session:
        take_report(session, new, now=at)


def rows_of(page: str) -> dict[str, str]:
    """What stands in each council's line."""
    lines = page.partition("<tbody")[2].partition("</tbody")[0].split("<tr")[1:]
    return {name: line for name in NAMES.values() for line in lines if name in line}


def test_members_stand_side_by_side(house: House, dispatcher: Dispatcher) -> None:
    with store_of(house.site(WEST)) as store:  # three open for ten days, so overdue; one is new
        for x, days in ((552_300, 10), (552_600, 10), (552_900, 10), (553_200, 0.01)):
            report(store, x, days_ago=days)
    with store_of(house.site(EAST)) as store:
        report(store, 555_000, days_ago=0.01)
    add_user(house.site(BOTH), "kim", "officer")
    client = signed_in(dispatcher, house.site(BOTH), "kim")
    page = client.get("/both/", follow_redirects=True)
    assert page.request.path == "/both/side-by-side"
    rows = rows_of(page.text)
    counts = {name: re.findall(r"<div>(\d+)</div>", line) for name, line in rows.items()}
    assert counts == {NAMES[WEST]: ["4", "3"], NAMES[EAST]: ["1", "0"]}


def test_a_member_whose_store_is_gone_leaves_its_line_empty(
    house: House, dispatcher: Dispatcher
) -> None:
    add_user(house.site(BOTH), "kim", "officer")
    client = signed_in(dispatcher, house.site(BOTH), "kim")
    (house.path.parent / f"{WEST}.gpkg").write_bytes(b"not a store at all")
    page = client.get("/both/side-by-side")
    assert page.status_code == 200
    assert "did not answer" in rows_of(page.text)[NAMES[WEST]]
    assert "did not answer" not in rows_of(page.text)[NAMES[EAST]]
    assert "its hotspots are missing" in client.get("/both/across-borders").text


@pytest.mark.parametrize(
    ("path", "roles"),
    [
        ("/both/side-by-side", {"officer", "manager", "admin"}),
        ("/both/across-borders", {"officer", "manager", "admin"}),
        ("/both/rounds", {"contractor", "admin"}),
    ],
)
def test_pages_are_for_their_roles_alone(
    house: House, dispatcher: Dispatcher, path: str, roles: set[str]
) -> None:
    assert Client(dispatcher).get(path).status_code == 302
    for role in ("officer", "manager", "admin", "contractor", "partner", "member"):
        add_user(house.site(BOTH), role, role)
        status = signed_in(dispatcher, house.site(BOTH), role).get(path).status_code
        assert (role, status) == (role, 200 if role in roles else 403)


def test_an_account_of_a_member_is_none_of_the_partnership(
    house: House, dispatcher: Dispatcher
) -> None:
    add_user(house.site(WEST), "jo", "admin")
    add_user(house.site(BOTH), "kim", "admin")
    of_west = signed_in(dispatcher, house.site(WEST), "jo")
    assert of_west.get("/both/side-by-side").status_code == 302
    of_both = signed_in(dispatcher, house.site(BOTH), "kim")
    assert of_both.get("/westford/officer/incidents").status_code == 302
    assert of_both.get("/both/officer/incidents").status_code == 404


def test_a_crew_sees_jobs_where_its_firm_holds_the_contract(
    house: House, dispatcher: Dispatcher
) -> None:
    for code, firm, x in ((WEST, "Tidy Ltd", 553_000), (EAST, "Other Ltd", 555_000)):
        with store_of(house.site(code)) as store:
            with store.writing() as session:
                contracts.add(session, Terms(firm, date(2020, 1, 1), None, "Decision 1"))
            report(store, x, days_ago=0.01)
    add_user(house.site(BOTH), "crew", "contractor", employer="Tidy Ltd")
    page = signed_in(dispatcher, house.site(BOTH), "crew").get("/both/rounds").text
    assert f"{NAMES[WEST]}: 1 open jobs" in page
    assert "/westford/contractor/jobs/" in page
    assert NAMES[EAST] not in page
    add_user(house.site(BOTH), "nobody", "contractor")
    page = signed_in(dispatcher, house.site(BOTH), "nobody").get("/both/rounds").text
    assert NAMES[WEST] not in page


def place(council: str, code: str, x: float, incidents: int = 5) -> FlaggedPlace:
    """A square of 100 m by 100 m whose western edge is at x."""
    outline = shapely.box(x, 0, x + 100, 100)
    return FlaggedPlace(council, code, f"Place {code}", "new", incidents, None, outline)


def test_places_within_a_hundred_metres_across_a_border_are_one() -> None:
    looked = across_borders(
        [
            place(WEST, "W1", 0),
            place(WEST, "W2", 150),  # 50 m from W1, 100 m from E1: one place with both
            place(EAST, "E1", 350, incidents=9),
            place(EAST, "E2", 600),  # 150 m from E1, of the same council: another place
            place(WEST, "W3", 5_000),
            place(EAST, "E3", 5_201),  # 101 m from W3
        ]
    )
    assert [[part.code for part in each.parts] for each in looked] == [["E1", "W2"]]
    assert looked[0].incidents == 14
    assert across_borders([]) == []


def test_three_councils_that_meet_share_one_place() -> None:
    looked = across_borders([place("A", "A1", 0), place("B", "B1", 150), place("C", "C1", 300)])
    assert [{part.code for part in each.parts} for each in looked] == [{"A1", "B1", "C1"}]
