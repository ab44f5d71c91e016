"""What was done about hotspots: recorded, corrected with its history, found by place and day."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import shapely
from shapely.geometry import Point

from geodata.core.errors import NotFoundError, RefusedError
from geodata.models import Order, OrderVersion
from geodata.people.audit import Actor, entries
from geodata.posters import interventions
from geodata.store.engine import Store

ACTOR = Actor(None, datetime(2026, 11, 24, 12, tzinfo=UTC))
PARK = Point(554_300, 173_700)
LAMP: dict[str, Any] = {
    "kind": "lighting",
    "name": "Two new lamps",
    "valid_from": date(2026, 3, 1),
    "valid_to": None,
    "cost_pence": 120_000,
}


def test_a_correction_leaves_what_it_was_in_the_log(store: Store) -> None:
    with store.writing() as session:
        lamp = interventions.add(session, ACTOR, PARK, **LAMP)
        interventions.change(session, ACTOR, lamp.id, geometry=Point(554_310, 173_700))
        interventions.change(session, ACTOR, lamp.id, name="Two new lamps")  # as it was
        newest, first = (entry for entry, _ in entries(session, "intervention", lamp.id))
        assert (first.act, newest.act) == ("add", "change")
        assert newest.before["place"] == "POINT (554300 173700)"
        assert newest.after["place"] == "POINT (554310 173700)"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"valid_to": date(2026, 2, 1)}, "lies before the first"),
        ({"name": " "}, "give it a name"),
        ({"kind": "drone"}, "no kind"),
        ({"cost_pence": -1}, "negative"),
        ({"kind": "cctv"}, "reference and its purpose"),
        ({"note": "ask a.smith@example.org"}, "personal data"),
    ],
)
def test_an_entry_that_says_nothing_true_is_refused(
    store: Store, changed: dict[str, Any], words: str
) -> None:
    with store.writing() as session, pytest.raises(RefusedError, match=words):
        interventions.add(session, ACTOR, PARK, **(LAMP | changed))


def test_only_a_camera_has_an_export_reference(store: Store) -> None:
    with store.writing() as session:
        camera = LAMP | {"kind": "cctv", "camera_ref": "CAM-1", "purpose": "Litter"}
        kept = interventions.add(session, ACTOR, PARK, **camera, export_ref="EX-9")
        assert kept.export_ref == "EX-9"
        assert interventions.change(session, ACTOR, kept.id, kind="bin").export_ref is None


def test_lists_are_by_kind_and_day_with_the_last_day_included(store: Store) -> None:
    with store.writing() as session:
        ended = LAMP | {"name": "Visit", "kind": "school_visit", "valid_to": date(2026, 3, 2)}
        interventions.add(session, ACTOR, PARK, **LAMP)
        interventions.add(session, ACTOR, PARK, **ended)
        on = {
            day: [row.name for row in interventions.listed(session, on=day)]
            for day in (date(2026, 2, 28), date(2026, 3, 2), date(2026, 3, 3))
        }
        assert list(on.values()) == [[], ["Two new lamps", "Visit"], ["Two new lamps"]]
        assert [r.name for r in interventions.listed(session, kind="school_visit")] == ["Visit"]


def test_orders_are_interventions_too_and_places_tell_which(store: Store) -> None:
    square = shapely.MultiPolygon([shapely.box(554_000, 173_500, 554_600, 174_000)])
    with store.writing() as session:
        interventions.add(session, ACTOR, PARK, **LAMP)
        interventions.add(session, ACTOR, Point(560_000, 171_000), **(LAMP | {"name": "Far"}))
        version = OrderVersion(
            number=1, change="made", geometry=square, valid_from=date(2024, 2, 1)
        )
        session.add(Order(name="Town", versions=[version]))
        session.flush()
        near = interventions.records(session, PARK.buffer(100))
        assert [(m.source, m.name) for m in near] == [
            ("order", "Town (made)"),
            ("intervention", "Two new lamps"),
        ]
        assert len(interventions.records(session)) == 3
        assert interventions.find_record(session, "order", version.id) == near[0]
        with pytest.raises(NotFoundError):
            interventions.find_record(session, "poster", 1)


def test_an_intervention_holds_on_its_days(store: Store) -> None:
    with store.writing() as session:
        row = interventions.add(session, ACTOR, PARK, **(LAMP | {"valid_to": date(2026, 3, 31)}))
        lamp = interventions.record_of_intervention(row)
        assert lamp.holds_on(date(2026, 3, 31))
        assert not lamp.holds_on(date(2026, 4, 1))
        assert lamp.overlaps(date(2026, 3, 31), date(2026, 4, 30))
        assert not lamp.overlaps(date(2026, 4, 1), date(2026, 4, 30))
