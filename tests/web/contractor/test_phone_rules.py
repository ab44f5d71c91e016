"""What the phone refuses before it queues is what the server would; few taps for "cleared"."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import shapely
from playwright.sync_api import Page

from geodata.media.pictures import CleanPicture
from geodata.store.engine import Store
from tests.web.contractor.test_offline import (  # noqa: F401
    Server,
    job,
    noise,
    phone,
    recorded,
    server,
)
from web.contractor.forms import OutcomeForm
from web.services.clearing.new_clearance import faults
from web.services.reporting.intake import NewReport, take_report

pytestmark = pytest.mark.browser
PICTURE = CleanPicture(b"", b"", 1, 1, None)
CLEARED = {"outcome": "cleared", "no_photo_reason": "Dark"}
CASES: list[tuple[dict[str, str], int]] = [
    ({}, 0),
    ({}, 1),
    ({"outcome": "cleared"}, 0),
    ({"outcome": "cleared"}, 1),
    ({"outcome": "cleared"}, 6),
    ({"outcome": "not_found"}, 5),
    ({"outcome": "not_found"}, 7),
    ({"outcome": "cleared", "no_photo_reason": " \t"}, 0),
    ({"outcome": "not_our_land"}, 0),
    ({"outcome": "not_our_land", "land_owner": " "}, 0),
    ({"outcome": "not_our_land", "land_owner": "A farm"}, 0),
    ({"outcome": "duplicate"}, 0),
    *[
        (CLEARED | {name: value}, 0)
        for name in ("cylinders", "sacks", "weight_kg")
        for value in ("0", " 12 ", "+3", "-1", "1.5", "1e3", ".5", "5.", "1,5", "3 sacks")
    ],
    *[
        (CLEARED | {"cylinders": value}, 0)
        for value in ("10000", "10001", "9" * 400, "\u0663", "\u00a07", "007", "0x1f", "\n4\n")
    ],
    (CLEARED | {"weight_kg": "10000.0"}, 0),
    (CLEARED | {"weight_kg": "10000.01"}, 0),
    *[
        (CLEARED | {name: letter * length}, 0)
        for name, most in (("no_photo_reason", 200), ("land_owner", 200), ("duplicate_of", 20))
        for letter in "x\U0001f600"
        for length in (most, most + 1)
    ],
    (CLEARED | {"note": "x" * 1_999 + "\r\n"}, 0),
    (CLEARED | {"note": "x" * 2_000 + "\r\n"}, 0),
]
ON_THE_PHONE = """(cases) => {
  const form = document.querySelector("form[data-rules]");
  const rules = JSON.parse(form.dataset.rules);
  return cases.map(([entry, photos]) =>
    OutcomeRules.problems(rules, (name) => entry[name] || "", photos, form.dataset.reference));
}"""
COUNTED = """addEventListener("pointerdown", (event) => {
  if (event.isTrusted) { localStorage.taps = Number(localStorage.taps || 0) + 1; }
}, true);"""
TAPS_IN_THE_CAMERA = 2  # its shutter, and that the picture is good


def on_the_server(app: Any, entry: dict[str, str], photos: int) -> dict[str, str]:
    """What form and use case say of an entry, by field."""
    with app.test_request_context(method="POST", data=entry):
        form = OutcomeForm(meta={"csrf": False})
        form.validate()
        form_faults = {name: " ".join(messages) for name, messages in form.errors.items()}
        new = form.to_clearance(1, 1, [PICTURE] * photos, now=datetime.now(UTC))
    return (faults(new) if new.outcome else {}) | form_faults


def test_the_phone_refuses_exactly_what_the_server_would(
    phone: Page,  # noqa: F811
    server: Server,  # noqa: F811
    job: str,  # noqa: F811
) -> None:
    phone.goto(f"{server.address}/contractor/jobs/{job}")
    phone_faults = phone.evaluate(ON_THE_PHONE, CASES)
    expected = [on_the_server(server.app, entry, photos) for entry, photos in CASES]
    for (entry, photos), here, there in zip(CASES, phone_faults, expected, strict=True):
        assert here == there, (entry, photos)
    own = phone.evaluate(ON_THE_PHONE, [({"outcome": "duplicate", "duplicate_of": job.lower()}, 0)])
    assert set(own[0]) == {"duplicate_of"}


def test_cleared_with_a_photo_takes_six_taps_from_the_round_to_the_next_stop(
    phone: Page,  # noqa: F811
    server: Server,  # noqa: F811
    job: str,  # noqa: F811
    geopackage: Store,
) -> None:
    told_at = datetime.now(UTC) - timedelta(hours=2)
    with geopackage.writing() as session:
        new = NewReport(shapely.Point(553_400, 174_000), "public", "web", told_at)
        other = take_report(session, new, now=told_at).incident_key
    phone.goto(server.address + "/contractor/round?lon=0.2&lat=51.444")
    phone.add_init_script(COUNTED)
    phone.reload()
    phone.locator("a[data-keep]").first.click()
    first = phone.locator("form[data-reference]").get_attribute("data-reference")
    phone.get_by_label("Cleared", exact=True).check()
    with phone.expect_file_chooser() as chooser:
        phone.get_by_role("button", name="Take a photo").click()
    files = [{"name": "now.png", "mimeType": "image/png", "buffer": noise(40, 30)}]
    chooser.value.set_files(files)  # type: ignore[arg-type]
    phone.get_by_role("button", name="Save").click()
    phone.get_by_text(f"{first} is saved.").wait_for()
    second = phone.locator("form[data-reference]").get_attribute("data-reference")
    assert {first, second} == {job, other}
    taps = int(phone.evaluate("localStorage.taps"))
    assert taps + TAPS_IN_THE_CAMERA <= 6
    assert taps == 4  # the stop, the outcome, the camera, Save: each was counted
    assert [row.outcome for row in recorded(geopackage)] == ["cleared"]
