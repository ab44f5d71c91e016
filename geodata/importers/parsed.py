"""A file on its way into a table: columns parsed so far, and what is wrong with which row."""

import hashlib
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.files.columns import heading
from geodata.files.problems import FileRefusedError, Problem
from geodata.importers.values import (
    has_likely_names,
    has_personal_data,
    parse_pence,
    parse_pounds,
    without_personal_data,
)
from geodata.importers.when.clocks import at_time, has_own_time, is_time, written_clock
from geodata.importers.when.time_forms import fault_of
from geodata.importers.when.time_numbers import number_form, written_out
from geodata.importers.when.times import LONDON, Order, read_times, says_utc
from geodata.models import Report
from geodata.people.personal_data import REMOVED, without_certain
from geodata.reports import ALPHABET, REFERENCE_LENGTH, as_reference, new_references
from geodata.rules.days import EARLIEST

ROWS_NAMED = 20
"""Spreadsheets and databases write 1900-01-01 or 1970-01-01 where they know no date."""

_WHERE = {"longitude", "easting", "grid_ref", "place"}


class Parsed:
    """The rows of one file while they are read.

    Attributes
    ----------
    rows
        The file's texts, by row number.
    headers
        Our name of each field that the file holds, and the file's header.
    columns
        The table's columns parsed so far, on the index of ``rows``.
    marked
        Column of ``columns``: by field, the words in which somebody may be named.
    position_column
        The file's headers that positions come from.
    problems, warnings
        Rows that cannot go in, and sentences about those that can.
    """

    def __init__(
        self,
        rows: pd.DataFrame,
        headers: Mapping[str, str],
        *,
        session: Session,
        now: datetime,
        order: Order | None,
        utc: Collection[str] = (),
    ) -> None:
        self.rows, self.headers = rows, headers
        self.session, self.now, self.order, self.utc = session, now, order, utc
        self.columns = pd.DataFrame(index=rows.index)
        self.position_column = ""
        self.problems: list[Problem] = []
        self.warnings: list[str] = []
        self.columns["marked"] = [{} for _ in rows.index]

    def texts(self, field: str) -> pd.Series:
        """The file's texts of a field, all empty where it has no such column."""
        header = self.headers.get(field)
        return pd.Series("", index=self.rows.index) if header is None else self.rows[header]

    def take(
        self,
        field: str,
        parse: Callable[[pd.Series], pd.Series],
        message: str = "",
        *,
        default: object = None,
        is_optional: bool = False,
    ) -> None:
        """Parse a field; a text that gives nothing is a problem, where ``message`` says so.

        Of an optional field it is left out with a word, and blocks no row.
        """
        texts = self.texts(field)
        values = parse(texts)
        if message:
            say = self.leave_out if is_optional else self.refuse
            say(values.isna() & (texts != ""), field, message)
        empty = values.isna() | (texts == "")
        self.columns[field] = values.astype(object).where(~empty, default)

    def take_amount(self, field: str, *, is_optional: bool = False) -> None:
        """Parse a field of money: pence where the file's own column says so, else pounds.

        Our exports write ``amount_pence``, and a spreadsheet of penalties has a column Amount.
        """
        is_pence = "pence" in heading(self.headers.get(field, "")).split()
        parse, message = (
            (parse_pence, "is no number of pence: write 10000 for £100, or call the column amount")
            if is_pence
            else (parse_pounds, "is no amount: write 100 or £100.00")
        )
        self.take(field, parse, message, is_optional=is_optional)

    def take_optional_time(self, field: str, *, clock: str | None = None) -> None:
        """Parse a field of instants that a row may lack; what cannot be read is left out."""
        before, header = len(self.problems), self.headers.get(field)
        try:
            self.take_time(field, clock=clock)
        except FileRefusedError as error:
            self.columns[field] = pd.Series(pd.NaT, index=self.rows.index).dt.tz_localize("UTC")
            self.warnings.append(f"{header} is left out: {error}")
            return
        bad = {problem.row: problem for problem in self.problems[before:]}
        del self.problems[before:]
        is_bad = self.rows.index.isin(list(bad))
        self.columns[field] = self.columns[field].mask(is_bad)
        if bad:
            first = next(iter(bad.values()))
            self.leave_out(is_bad, field, first.message)

    def take_own_reference(self) -> None:
        """Keep references that a store like this one gave, so that people can go on using them.

        Rows without one, or with another system's, get a new one.
        """
        given = self.texts("reference").map(as_reference)
        is_ours = given.str.fullmatch(f"[{ALPHABET}]{{{REFERENCE_LENGTH}}}") & ~given.duplicated()
        new = pd.Series(new_references(len(given)), index=given.index, dtype=object)
        self.columns["reference"] = given.where(is_ours, new)

    def take_time(self, field: str, *, is_required: bool = False, clock: str | None = None) -> None:
        """Parse a field of instants; ``clock`` is the field of a day's time in its own column."""
        if is_required:
            self.need_column(field)
        texts = written_out(self.texts(field))
        clock = clock or f"{field}_time"
        if clock in self.headers:
            texts = self._at_time(field, clock)
        header = self.headers.get(field, field)
        times = read_times(texts, column=header, order=self.order, is_utc=self._is_utc(header))
        bad = times.instants.isna() & ((texts != "") | is_required)
        faults = texts[bad].map(fault_of)
        for message in faults.unique():
            self.refuse(
                bad & (faults == message).reindex(bad.index, fill_value=False), field, message
            )
        for is_such, words in (
            (times.is_twice, "lie in the hour that the clocks go back over: the earlier was taken"),
            (times.is_never, "lie in the hour that the clocks skip: its end was taken"),
        ):
            if is_such.any():
                self.warnings.append(
                    f"{is_such.sum()} times of {self.headers[field]} {words}; is it another zone's "
                    f"clock? Row {is_such.idxmax()} is the first"
                )
        self.columns[field] = times.instants
        self._say_how_told(field)

    def _say_how_told(self, field: str) -> None:
        """Say what was not in the cells: what their numbers count, or whose clock they are of."""
        header = self.headers.get(field, field)
        form = number_form(self.texts(field))
        if form is not None:
            self.warnings.append(f"{header} is read as {form.words}")
        elif self._is_utc(header):
            self.warnings.append(f"times of {header} without a zone are read as UTC")

    def _is_utc(self, header: str) -> bool:
        """Whether a column's times without a zone are by UTC: its name or its system says so."""
        return says_utc(header) or header in self.utc

    def _at_time(self, field: str, clock: str) -> pd.Series:
        """Texts of a field of days, each with the time that stands in a column beside it."""
        days, times = written_out(self.texts(field)), written_clock(self.texts(clock))
        has_time = is_time(times)
        self.refuse(
            (times != "") & ~has_time,
            clock,
            "is no time of day: write 18:05, or leave it empty where nobody knows",
        )
        texts = at_time(days, times.where(has_time, ""))
        twice = has_own_time(days) & has_time
        if twice.any():
            header = self.headers[field]
            own, beside = (
                read_times(
                    words, column=header, order=self.order, is_utc=self._is_utc(header)
                ).instants
                for words in (days, texts)
            )
            message = f"contradicts the time in {header}: keep one of the two"
            self.refuse(twice & (own != beside), clock, message)
        return texts

    def take_past_time(self, field: str, *, clock: str | None = None) -> None:
        """Parse a field of instants that every row must have and that lie behind us."""
        self.take_time(field, is_required=True, clock=clock)
        times = self.columns[field]
        self.refuse(times > self.now, field, "lies in the future: check the year, day and month")
        self.refuse(
            times < EARLIEST, field, f"lies before {EARLIEST:%Y}: is it a blank date? Fill it in"
        )

    def need_column(self, field: str) -> None:
        if field not in self.headers:
            raise FileRefusedError(
                f"no column is known to hold {field}: call the one that does {field} in the file's "
                f"first row; it has {', '.join(map(str, self.rows.columns))}",
                in_shell=f"or leave the file as it is and give --map THEIRS={field}",
            )

    def take_day(self, field: str, *, is_required: bool = False) -> None:
        """Parse a field of local days."""
        self.take_time(field, is_required=is_required)
        local = self.columns[field].dt.tz_convert(LONDON)
        self.columns[field] = local.dt.date.astype(object).where(local.notna(), None)

    def take_name(self, field: str) -> None:
        """Take a text that every row must have."""
        self.need_column(field)
        self.take(field, lambda texts: texts.str[:200])
        self.refuse(self.texts(field) == "", field, "is empty: every row needs one")

    def take_words(self, field: str, *, most: int | None = None, is_spot: bool = False) -> None:
        """Take a free text without those whom it may name; with them it is marked for a person."""
        self.take(field, lambda texts: without_personal_data(texts, is_spot=is_spot).str[:most])
        self._mark(field, most, is_spot=is_spot)

    def _mark(self, field: str, most: int | None, *, is_spot: bool) -> None:
        """Keep apart the words of a text that may name somebody: lists and patterns do err."""
        texts = self.texts(field)
        for row in self.columns.index[has_likely_names(texts, is_spot=is_spot)]:
            self.columns.at[row, "marked"][field] = without_certain(texts[row])[:most]

    def take_impersonal(self, field: str, *, is_marked: bool = False) -> None:
        """Take a text in which nobody can be told from; one that names somebody is left out.

        Where it ``is_marked``, a person may put it back.
        """
        self.take(field, lambda texts: texts.str[:200])
        is_personal = has_personal_data(self.texts(field), is_spot=field == "landmark")
        if is_marked:
            self._mark(field, 200, is_spot=field == "landmark")
        self.columns[field] = self.columns[field].mask(is_personal, None)
        self.leave_out(
            is_personal, field, "holds a mail address, telephone number, number plate, name or home"
        )

    def refuse_personal(self, field: str) -> None:
        """Refuse rows whose text names somebody, where the row is nothing without it."""
        is_personal = has_personal_data(self.texts(field))
        self.refuse(is_personal, field, "may say who somebody is or where they live: take that out")

    def refuse_reversed(self, first: str, last: str) -> None:
        """Refuse rows that end before they begin."""
        begin, end = self.columns[first], self.columns[last]
        known = begin.notna() & end.notna()
        is_reversed = known & (end.where(known) < begin.where(known))
        self.refuse(is_reversed, last, "lies before the first day")

    def warn_of_removed(self, *fields: str) -> None:
        """Say in how many texts somebody was taken out, and in which rows, for a person to look."""
        removed = [
            int(row) for field in fields for row in self.columns.index[self._was_changed(field)]
        ]
        if removed:
            rows = sorted(set(removed))
            more = f" and {len(rows) - ROWS_NAMED} more" if len(rows) > ROWS_NAMED else ""
            named = ", ".join(map(str, rows[:ROWS_NAMED]))
            self.warnings.append(
                f"{len(removed)} texts held a mail address, telephone number, number plate, or "
                f"what looks like a name or a home: taken out. Look at rows {named}{more}. Names "
                "and homes wait on the page Marked texts (Reports, To look at)"
            )

    def _was_changed(self, field: str) -> pd.Series:
        """Which of a field's texts went in otherwise than they stand in the file."""
        went_in = self.columns[field].fillna("").astype(str)
        return went_in.str.contains(REMOVED, regex=False)

    def refuse(self, bad: Any, field: str, message: str) -> None:
        """Note a problem for each marked row."""
        header = self.headers.get(field, field)
        chosen = self.texts(field)[np.asarray(bad, dtype=bool)]
        self.problems += [
            Problem(int(row), header, text[:200], message) for row, text in chosen.items()
        ]

    def leave_out(self, bad: Any, field: str, message: str) -> None:
        """Say that marked cells of an optional field are left out; they may be persons' names."""
        marked = self.texts(field).index[np.asarray(bad, dtype=bool)]
        header = self.headers.get(field, field)
        if len(marked) == 1:
            self.warnings.append(f"A cell of {header} is left out, row {marked[0]}: it {message}")
        elif len(marked):
            self.warnings.append(
                f"{len(marked)} cells of {header} are left out, row {marked[0]} the first: each "
                f"{message}"
            )

    def skip_rows(self, is_left: pd.Series) -> None:
        """Read no further in rows that say nothing; what was said against them is let go."""
        left = set(self.rows.index[is_left])
        self.rows, self.columns = self.rows[~is_left], self.columns[~is_left]
        self.problems = [problem for problem in self.problems if problem.row not in left]

    def find_reports(self) -> None:
        """Replace ``report_ref`` by the key of the report that it names, ours or the file's own."""
        wanted = self.columns.pop("report_ref")
        known: dict[str, int] = {}
        for column in (Report.external_ref, Report.reference):
            keys = self.session.execute(select(column, Report.id).where(column.is_not(None)))
            known |= {str(name): key for name, key in keys}
        self.columns["report_id"] = wanted.map(known)
        self.refuse(
            wanted.notna() & self.columns["report_id"].isna(),
            "report_ref",
            "is no known report: import the reports first",
        )

    def fingerprints(
        self, geometry: pd.Series | None, headers: Mapping[str, str] | None = None
    ) -> pd.Series:
        """A hash of what each row says to us; rows that say the same are numbered as they come.

        Two reports on one day at one spot are two reports, but the same file read again must
        add nothing, nor must one with its columns in another order or with more of them.
        Of the columns of ``headers`` alone, where they are given.
        """
        headers = self.headers if headers is None else headers
        # A second way to say where adds nothing: rows read before it was known stay the same.
        spare = {"postcode", "position"} if _WHERE & set(headers) else set()
        names = sorted(set(headers) - spare - {"reference"})
        cells = [self.rows[headers[name]] for name in names]
        if geometry is not None:
            names.append("geometry")
            cells.append(geometry.map(lambda shape: "" if shape is None else shape.wkb_hex))
        contents = pd.Series(
            [
                "\x1f".join(f"{name}={cell}" for name, cell in zip(names, row, strict=True) if cell)
                for row in (zip(*cells, strict=True) if cells else [()] * len(self.rows))
            ],
            index=self.rows.index,
            dtype=object,
        )
        nth = contents.groupby(contents).cumcount()
        return pd.Series(
            [
                hashlib.sha256(f"{text}\x1e{n}".encode()).hexdigest()
                for text, n in zip(contents, nth, strict=True)
            ],
            index=contents.index,
            dtype=object,
        )
