"""People counted by age and sex, as censuses and yearly estimates are, put together to all people.

A row of all ages is taken where there is one, else the ages are added up: never both.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from geodata.files.columns import Field, match_columns, plain
from geodata.files.problems import Problem
from geodata.files.tables import Table
from geodata.importers.parsed import Parsed
from geodata.importers.partners.age_bands import is_all, read_ages, uncovered
from geodata.importers.values import parse_whole

_SPLITS = {
    "age": r"(?:c\d* )?age(?: \d+)? (?:name|categories)|age(?: (?:band|group|range|in years))?s?",
    "sex": r"(?:c\d* )?(?:sex|gender)(?: \d+)? (?:name|categories)|sex(?:es)?|gender",
    "measure": r"measures?(?: name)?",
}
"""What a table may be split by, and what its column is called: C_AGE_NAME, Sex (2 categories)."""
_SEXES = {"m": "male", "males": "male", "f": "female", "females": "female"}
_IN_NAME = re.compile(r"\b(?:fe)?males?\b|\b(?:wo)?men\b|\bboys\b|\bgirls\b", re.IGNORECASE)
_NO_PEOPLE = re.compile(r"per ?cent(?:age)?|proportion|rates?|20301")
"""Measures that are no count; Nomis has the number 20301 for its percentages."""
_SLOT = ("area", "area_kind", "area_code", "year")


def split_columns(headers: Sequence[str]) -> dict[str, str]:
    """The columns that a table of people is split by.

    >>> split_columns(["DATE", "C_AGE", "C_AGE_NAME", "GENDER_NAME", "OBS_VALUE"])
    {'age': 'C_AGE_NAME', 'sex': 'GENDER_NAME'}
    """
    matches = {
        split: [header for header in headers if re.fullmatch(pattern, plain(header))]
        for split, pattern in _SPLITS.items()
    }
    return {split: max(each, key=len) for split, each in matches.items() if each}


def of_all_people(table: Table, fields: Sequence[Field]) -> Table:
    """One row an area and year, of all its people; a table that is split by nothing as it is.

    What cannot be put together stays as its first row at fault, with the problem.
    """
    headers = [str(column) for column in table.rows]
    splits, known = split_columns(headers), match_columns(headers, fields, {})
    if not splits or "people" not in known:
        return table
    counts, notes = _without_shares(table.rows, splits.pop("measure", None))
    slot = [known[name] for name in _SLOT if name in known]
    rows, problems = [], []
    groups = counts.groupby(slot, sort=False) if slot else [((), counts)]
    for _, group in groups:
        row, problem = _put_together(group, splits, known["people"])
        rows.append(row)
        problems += [problem] if problem else []
    people_rows = pd.DataFrame(rows, columns=counts.columns).drop(columns=list(splits.values()))
    n_made = len(people_rows) - len(problems)
    if n_made and len(people_rows) < len(counts):
        notes.append(
            f"{len(counts)} rows by {' and '.join(splits)} were put together to {n_made}: all "
            "people of an area and year, from its row of all where there is one, else added up"
        )
    kept = set(people_rows.index)
    return replace(
        table,
        rows=people_rows.astype(object),
        problems=[p for p in table.problems if p.row in kept] + problems,
        formulas=[p for p in table.formulas if p.row in kept],
        notes=[*table.notes, *notes],
    )


def refuse_one_sex(parsed: Parsed) -> None:
    """A figure of men or women alone is none of the area, unless its indicator says so."""
    column = split_columns([str(name) for name in parsed.rows]).get("sex")
    if column is None:
        return
    words = parsed.rows[column].map(lambda text: _SEXES.get(plain(text), plain(text)))
    named = parsed.texts("indicator").str.contains(_IN_NAME)
    bad = words.isin(["male", "female"]) & ~named
    parsed.headers = {**parsed.headers, "sex": column}
    parsed.refuse(
        bad,
        "sex",
        "is of one sex alone, and the indicator's name does not say so: leave the row out, or "
        "write it into the name",
    )


def _without_shares(rows: pd.DataFrame, measure: str | None) -> tuple[pd.DataFrame, list[str]]:
    """Counts alone, where percentages stand among them; and a word on what was left out."""
    if measure is None:
        return rows, []
    is_share = rows[measure].map(lambda text: bool(_NO_PEOPLE.fullmatch(plain(text)))).astype(bool)
    if is_share.all() or not is_share.any():
        return rows, []
    return rows[~is_share], [f"{int(is_share.sum())} rows of percentages were left out"]


def _put_together(
    group: pd.DataFrame, splits: dict[str, str], people: str
) -> tuple[pd.Series, Problem | None]:
    """The row of all people of an area and year; or the first at fault, and its fault."""
    parts = group
    for column in splits.values():
        is_of_all = parts[column].map(is_all).astype(bool)
        parts = parts[is_of_all] if is_of_all.any() else parts
    for column, cells, fault in _faults(parts, splits, people):
        row = cells.index[0]
        return group.loc[row], Problem(int(row), column, cells.loc[row][:200], fault)
    total = parts.iloc[0].copy()
    if len(parts) > 1:
        total[people] = f"{parse_whole(parts[people]).sum():.0f}"
    return total, None


def _faults(
    parts: pd.DataFrame, splits: dict[str, str], people: str
) -> Iterator[tuple[str, pd.Series, str]]:
    """Why these rows do not add up to all people: the column, its cells, and the reason."""
    again = parts.duplicated(list(splits.values()))
    if again.any():
        yield people, parts.loc[again, people], "is a second number of the same people"
    if "sex" in splits and (fault := _fault_of_sexes(parts[splits["sex"]])):
        yield splits["sex"], parts[splits["sex"]], fault
    if "age" in splits:
        of_one_sex = [p for _, p in parts.groupby(splits["sex"])] if "sex" in splits else [parts]
        for part in of_one_sex:
            if fault := _fault_of_ages(part[splits["age"]]):
                yield splits["age"], part[splits["age"]], fault
    is_no_number = parse_whole(parts[people]).isna()
    if is_no_number.any() and len(parts) > 1:
        why = "is no whole number, and the sum of all people needs each of its rows"
        yield people, parts.loc[is_no_number, people], why


def _fault_of_ages(texts: pd.Series) -> str:
    """Why these ages are not all ages, each once; empty where they are."""
    if is_all(texts.iloc[0]):
        return ""
    ages = texts.map(read_ages)
    if (unknown := texts[ages.isna()].tolist()) != []:
        return f"cannot be added up: {unknown[0]!r} is no age known here (write 7, 5-9, 90+ or All)"
    return uncovered(list(ages))


def _fault_of_sexes(texts: pd.Series) -> str:
    if is_all(texts.iloc[0]):
        return ""
    sexes = {_SEXES.get(plain(text), plain(text)) for text in texts}
    if sexes == {"male", "female"}:
        return ""
    return "is not all people: add the rows that are missing, or rows of all persons"
