"""The list of incidents reads a page's worth of rows by an index, however long the record is."""

import itertools

import pytest

from geodata.incidents import jobs
from geodata.store.engine import Store
from tests.statements import counted

ASKED = list(itertools.product(("", "cleared"), (None, 1)))


@pytest.mark.parametrize(("state", "ward_id"), ASKED)
def test_no_list_of_incidents_sorts_the_record(geopackage: Store, state: str, ward_id: int) -> None:
    with geopackage.reading() as session:
        with counted(geopackage) as sent:
            jobs.recent(session, state=state, ward_id=ward_id, limit=100)
        values = {"": 0, "cleared": 1}[state] + (ward_id is not None) + 2
        plan = session.connection().exec_driver_sql(
            f"EXPLAIN QUERY PLAN {sent[-1]}", tuple(range(values))
        )
        steps = [row[-1] for row in plan]
    assert not [step for step in steps if "TEMP B-TREE FOR ORDER BY" in step], steps
