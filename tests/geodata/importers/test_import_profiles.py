"""Files of known systems go in by a profile's name; what was chosen once is kept and reused."""

from pathlib import Path

import pytest

from geodata.files.problems import FileRefusedError
from geodata.importers.kinds import KINDS
from geodata.importers.kinds.kind import REFERENCE
from geodata.importers.profiles import shipped
from geodata.store.engine import Store
from tests.geodata.importers.importing import reports, take, with_borough, written
from web.services.imports.importing import ImportOptions, keep_profile


@pytest.fixture
def council(geopackage: Store) -> Store:
    """A store of one kind: files are understood before either kind is asked."""
    return with_borough(geopackage)


@pytest.mark.parametrize("name", list(shipped()))
def test_a_shipped_profile_names_fields_that_its_kind_has(name: str) -> None:
    profile = shipped()[name]
    fields = {field.name for field in (REFERENCE, *KINDS[profile.kind].fields)}
    assert set(profile.columns) <= fields
    assert profile.title


KOBO = """_uuid,_submission_time,Spot_latitude,_Spot_latitude,_Spot_longitude,username
u1,2026-05-23T07:10:00,,51.4456,0.2137,sam
"""
SURVEY = "GlobalID,CreationDate,Creator,x,y\ng1,23/05/2026 07:10,sam,0.2137,51.4456\n"
SALESFORCE = (
    "Case Number,Date/Time Opened,Contact Name,Location (Latitude),Location (Longitude)\n"
    "0001,23/05/2026 08:10,Sam,51.4456,0.2137\n"
)


@pytest.mark.parametrize(
    ("name", "text"), [("kobo", KOBO), ("survey123", SURVEY), ("salesforce", SALESFORCE)]
)
def test_a_systems_own_words_are_known(
    council: Store, tmp_path: Path, name: str, text: str
) -> None:
    result = take(council, written(tmp_path, text), profile=name)
    assert (result.accepted, result.problems) == (1, [])
    (report,) = reports(council)
    # of the first two by UTC, as they write; of Salesforce London's summer
    assert f"{report.reported_at:%d %H:%M}" == "23 07:10"
    assert (round(report.geometry.x, -1), round(report.geometry.y, -1)) == (553_930, 174_170)


def test_a_profile_that_was_kept_is_used_again(council: Store, tmp_path: Path) -> None:
    options = ImportOptions(
        mapping={"When": "reported_at"}, ignore=["Mood"], where=["What = 'NOS'"], dates="mdy"
    )
    with council.writing() as session:
        keep_profile(session, "our-crm", "reports", options)
    text = "When,What,Mood,X,Y\n03/04/2026,NOS,well,554000,174000\n03/05/2026,Tyre,,1,1\n"
    result = take(council, written(tmp_path, text), profile="our-crm")
    assert (result.accepted, result.left_out) == (1, 1)
    assert f"{reports(council)[0].reported_at:%m-%d}" == "03-04"
    with pytest.raises(FileRefusedError, match="is for reports"):
        take(council, written(tmp_path, text), "actions", profile="our-crm")
    with pytest.raises(FileRefusedError, match=r"choose from .*fixmystreet.*our-crm"):
        take(council, written(tmp_path, text), profile="theirs")


def test_a_preview_says_what_each_column_was_taken_for(council: Store, tmp_path: Path) -> None:
    text = "ref,Date,Mood,Easting,Northing\nA,23/05/2026 08:10,well,554000,174000\n"
    preview = take(council, written(tmp_path, text)).preview
    assert preview is not None
    assert [(c.header, c.field, c.examples) for c in preview.columns[1:3]] == [
        ("Date", "reported_at", ["23/05/2026 08:10"]),
        ("Mood", "", ["well"]),
    ]
    assert preview.readings == [
        "Date '23/05/2026 08:10' is Saturday 23 May 2026, 08:10 in London",
        "Easting, Northing of row 2 is easting 554000, northing 174000",
    ]
    assert preview.first_rows[0]["geometry"] == "554000, 174000"
    assert preview.first_rows[0]["reported_at"] == "2026-05-23 08:10"
