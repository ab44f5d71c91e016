"""OpenDocument spreadsheets: what stands in the cells, and nothing of what only repeats."""

import zipfile
from pathlib import Path

import pandas as pd
import pyogrio
import pytest

from geodata.files.problems import FileRefusedError
from geodata.files.tables import read_table

SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
HEADER = "<table:table-row>" + "".join(
    f'<table:table-cell office:value-type="string"><text:p>{name}</text:p></table:table-cell>'
    for name in ("Ref", "Date", "Easting", "Note")
)
HEADER += '<table:table-cell table:number-columns-repeated="16380"/></table:table-row>'
ROW = (
    "<table:table-row{times}>"
    '<table:table-cell office:value-type="string"><text:p>A<text:span>1</text:span></text:p>'
    "<office:annotation><text:p>a remark</text:p></office:annotation></table:table-cell>"
    '<table:table-cell office:value-type="date" office:date-value="2026-05-01T18:05:00">'
    "<text:p>01/05/26</text:p></table:table-cell>"
    '<table:table-cell office:value-type="float" office:value="554000.0"><text:p>554,000</text:p>'
    '</table:table-cell><table:table-cell office:value-type="string"><text:p>two<text:s/>words'
    "</text:p></table:table-cell></table:table-row>"
)
BLANK = (
    '<table:table-row table:number-rows-repeated="{times}"><table:table-cell/></table:table-row>'
)


def sheet(*rows: str, name: str = "May") -> str:
    return f'<table:table table:name="{name}">{"".join(rows)}</table:table>'


def written(folder: Path, *sheets: str, before: str = "") -> Path:
    path = folder / "book.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"{before}<office:document-content {SPACES}><office:body><office:spreadsheet>"
            f"{''.join(sheets)}</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def test_cells_are_their_stored_values_on_the_rows_that_people_see(tmp_path: Path) -> None:
    rows = (HEADER, BLANK.format(times=3), ROW.format(times=""), BLANK.format(times=1_048_000))
    table = read_table(written(tmp_path, sheet(*rows))).rows
    assert table.to_dict("index") == {
        5: {"Ref": "A1", "Date": "2026-05-01 18:05:00", "Easting": "554000", "Note": "two words"}
    }


def test_what_gdal_writes_is_read(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "Ref": ["A <1>", "B"],
            "Date": pd.to_datetime(["2026-05-01 18:05", "2026-05-02 00:00"]),
            "Easting": [554_000.0, 554_001.5],
        }
    )
    pyogrio.write_dataframe(frame, tmp_path / "g.ods", driver="ODS")
    rows = read_table(tmp_path / "g.ods").rows
    assert rows["Ref"].tolist() == ["A <1>", "B"]
    assert [text[:16] for text in rows["Date"]] == ["2026-05-01 18:05", "2026-05-02 00:00"]
    assert rows["Easting"].tolist() == ["554000", "554001.5"]


def test_a_sheet_is_chosen_by_name_and_several_are_joined(tmp_path: Path) -> None:
    rows = HEADER, ROW.format(times=' table:number-rows-repeated="2"')
    path = written(tmp_path, sheet(*rows), sheet(*rows, name="Jun"))
    with pytest.raises(FileRefusedError, match=r"May, Jun.*keep one"):
        read_table(path)
    assert len(read_table(path, layer="Jun").rows) == 2
    assert len(read_table(path, layer="all").rows) == 4
    with pytest.raises(FileRefusedError, match="no sheet 'Jul'; it has May, Jun"):
        read_table(path, layer="Jul")


@pytest.mark.parametrize(
    ("rows", "before", "words"),
    [
        (HEADER + ROW.format(times=' table:number-rows-repeated="99999999"'), "", "cells"),
        (
            HEADER + "<table:table-row><table:table-cell table:number-columns-repeated='16000'>"
            "<text:p>x</text:p></table:table-cell></table:table-row>",
            "",
            "columns",
        ),
        (HEADER, '<!DOCTYPE a [<!ENTITY e "x">]>', "its own entities"),
        (HEADER + "<table:table-row>", "", "no XML"),
    ],
)
def test_what_stands_for_more_or_is_torn_is_refused(
    tmp_path: Path, rows: str, before: str, words: str
) -> None:
    with pytest.raises(FileRefusedError, match=words):
        read_table(written(tmp_path, sheet(rows), before=before))


def test_a_zip_of_something_else_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(FileRefusedError, match="save it as XLSX"):
        read_table(tmp_path / "a.ods")
