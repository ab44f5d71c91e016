"""Files of the Ordnance Survey that were cut, edited or forged: read within the box, or refused."""

import csv
import io
import string
import zipfile
from contextlib import suppress

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geodata.files.problems import FileRefusedError
from geodata.importers.os_open import NAMES_COLUMNS, read_gazetteer
from tests.fuzzing import fuzzed

BOX = (550_000.0, 170_000.0, 560_000.0, 180_000.0)
cells = st.one_of(
    st.text(string.printable, max_size=8),
    st.sampled_from(["554300", "174100", "NaN", "inf", "-1e999", "1" * 400, "DA1 1AB", "\0"]),
)
rows = st.lists(
    st.one_of(
        st.lists(cells, min_size=len(NAMES_COLUMNS), max_size=len(NAMES_COLUMNS)),
        st.tuples(st.just("DA1 1AB"), cells, cells, cells).map(list),
        st.lists(cells, max_size=40),
    ),
    max_size=4,
)


def text_of(table: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(table)
    return text.getvalue().encode()


def within(entries: pd.DataFrame) -> bool:
    east, north = entries["east"].astype(float), entries["north"].astype(float)
    return bool(east.between(BOX[0], BOX[2]).all() and north.between(BOX[1], BOX[3]).all())


@fuzzed
@given(table=rows)
@example(table=[["DA1 1AB", "10", "554300", "174100"]])
@example(table=[["DA1 1AB", "10", "inf", "NaN"], ["", "", "", ""]])
def test_fuzzed_rows_lie_in_the_box_or_are_refused(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "names.csv"
    path.write_bytes(text_of(table))
    with suppress(FileRefusedError):
        assert within(read_gazetteer(path, BOX))


@fuzzed
@given(content=st.binary(max_size=200), at=st.integers(0, 300))
@example(content=b'"', at=0)
@example(content=b"\xff\xfe", at=0)
def test_fuzzed_bytes_are_read_alike_in_a_zip_and_alone(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, at: int
) -> None:
    sound = text_of([["DA1 1AB", "10", "554300", "174100"]] * 8)
    path = tmp_path_factory.getbasetemp() / "codes.csv"
    path.write_bytes(sound[:at] + content + sound[at + len(content) :])
    with zipfile.ZipFile(path.with_suffix(".zip"), "w") as archive:
        archive.write(path, "data/codes.csv")
    answers = []
    for one in (path, path.with_suffix(".zip")):
        try:
            answers.append(read_gazetteer(one, BOX).to_numpy().tolist())
        except FileRefusedError:
            answers.append([])
    assert answers[0] == answers[1]
