"""Times in filters, at the ends of London's days, against sets reckoned by hand."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from geodata.core.vocabulary import Scope
from geodata.store.engine import Store
from tests.web.desk import store_incidents

INCIDENTS = "/ogc/collections/incidents/items"
NOW = datetime.fromisoformat("2026-11-20T12:00:00Z")
TIMES = (
    "2026-03-28T23:59:59.999999Z",  # 0: the last of 28 March
    "2026-03-29T00:00:00Z",  # 1: the first of 29 March, a day of 23 hours
    "2026-03-29T22:59:59Z",  # 2: its last second
    "2026-03-29T23:00:00Z",  # 3: the first of 30 March
    "2026-10-24T23:00:00Z",  # 4: the first of 25 October, a day of 25 hours
    "2026-10-25T23:59:59Z",  # 5: its last second
    "2026-10-26T00:00:00Z",  # 6: the first of 26 October
)
AT = "first_reported_at"
SPRING, SUMMER = "DATE('2026-03-29')", "INTERVAL('2026-03-29', '2026-10-25')"
HAND: dict[str, set[int]] = {
    f"T_BEFORE({AT}, {SPRING})": {0},
    f"T_AFTER({AT}, {SPRING})": {3, 4, 5, 6},
    f"T_EQUALS({AT}, {SPRING})": {1, 2},
    f"T_INTERSECTS({AT}, {SPRING})": {1, 2},
    f"T_DISJOINT({AT}, {SPRING})": {0, 3, 4, 5, 6},
    f"NOT T_DISJOINT({AT}, {SPRING})": {1, 2},
    f"T_AFTER({SPRING}, {AT})": {0},
    f"T_BEFORE({SPRING}, {AT})": {3, 4, 5, 6},
    f"T_DISJOINT({SPRING}, {AT})": {0, 3, 4, 5, 6},
    f"{AT} >= {SPRING}": {1, 2, 3, 4, 5, 6},
    f"{AT} <= {SPRING}": {0, 1, 2},
    f"{SPRING} < {AT}": {3, 4, 5, 6},
    f"{AT} <> {SPRING}": {0, 3, 4, 5, 6},
    f"{AT} IN ({SPRING}, DATE('2026-10-25'))": {1, 2, 4, 5},
    f"{AT} BETWEEN {SPRING} AND DATE('2026-10-25')": {1, 2, 3, 4, 5},
    f"T_INTERSECTS({AT}, {SUMMER})": {1, 2, 3, 4, 5},
    f"T_DISJOINT({AT}, {SUMMER})": {0, 6},
    f"T_DURING({AT}, {SUMMER})": {2, 3, 4, 5},  # which begins with 1, and so not during it
    f"T_BEFORE({AT}, {SUMMER})": {0},
    f"T_AFTER({AT}, {SUMMER})": {6},
    f"T_BEFORE({SUMMER}, {AT})": {6},
    f"T_AFTER({AT}, INTERVAL('..', '2026-10-24'))": {4, 5, 6},
    f"T_INTERSECTS({AT}, INTERVAL('2026-10-25', '..'))": {4, 5, 6},
    f"T_DISJOINT({AT}, INTERVAL('2026-10-25', '..'))": {0, 1, 2, 3},
    f"T_EQUALS({AT}, TIMESTAMP('2026-10-26T00:00:00Z'))": {6},
    f"T_AFTER({AT}, TIMESTAMP('2026-10-24T23:00:00Z'))": {5, 6},
    f"T_DURING({AT}, INTERVAL('2026-10-24T23:00:00Z', '2026-10-26T00:00:00Z'))": {5},
}
BAD = {
    f"T_EQUALS({AT}, {SUMMER})": "an instant equals no interval: use T_INTERSECTS",
    f"{AT} = {SUMMER}": "an instant equals no interval: use T_INTERSECTS",
    f"{AT} <> {SUMMER}": "an instant equals no interval: use T_INTERSECTS",
    f"{AT} IN ({SUMMER})": "an instant equals no interval: use T_INTERSECTS",
    f"T_AFTER({AT}, INTERVAL('2026-10-25', '..'))": "open on that side",
    f"T_INTERSECTS({AT}, INTERVAL('..', '..'))": "open on both sides",
    f"T_DURING({AT}, INTERVAL('2026-10-25', '2026-03-29'))": "ends before it begins",
    f"T_AFTER({AT}, DATE('2026-02-29'))": "is no time",
    f"T_MEETS({AT}, INTERVAL('2026-03-29', '2026-10-25'))": "'t_meets' is not offered",
    f"T_DURING({SUMMER}, {AT})": "with the property first",
    f"T_AFTER({SPRING}, {SPRING})": "is none",
}


@pytest.fixture
def officer(keyed: Callable[..., FlaskClient], council: Store) -> FlaskClient:
    moments = [datetime.fromisoformat(at) for at in TIMES]
    store_incidents(council, [(553_000, 174_000, moments)], now=NOW)
    return keyed(Scope.READ_OFFICER)


def test_times_are_compared_as_reckoned_by_hand(officer: FlaskClient) -> None:
    for text, wanted in HAND.items():
        answer = officer.get(INCIDENTS, query_string={"filter": text})
        assert answer.status_code == 200, (text, answer.text)
        assert {int(each["id"].removeprefix("K")) for each in answer.json["features"]} == wanted, (
            text
        )


def test_times_that_cannot_be_compared_are_refused_in_a_sentence(
    keyed: Callable[..., FlaskClient],
) -> None:
    officer = keyed(Scope.READ_OFFICER)
    for text, words in BAD.items():
        answer = officer.get(INCIDENTS, query_string={"filter": text})
        assert answer.status_code == 400, text
        assert words in answer.json["faults"][0]["what"], text
