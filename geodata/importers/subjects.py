"""What a file's rows are about: other systems export tyres and canisters in one file."""

import re
from collections.abc import Collection, Sequence

import pandas as pd

from geodata.files.columns import heading
from geodata.files.problems import FileRefusedError
from geodata.importers.conditions import any_of, chosen_rows, counted

_THINGS = ("category", "type", "service", "subject", "reason", "topic", "classification")
_OF = ("case", "report", "request", "incident", "issue", "problem", "job", "enquiry", "complaint")
_OF_WASTE = ("waste", "fly tip", "flytip", "fly tipping", "flytipping", "litter", "crime", "defect")
_OTHERS = (
    *("group", "sub category", "subcategory", "sub type", "subtype", "service name"),
    *("service title", "service request type", "type of service request", "sr type", "item"),
    *("service code", "case title", "descriptor", "complaint type", "problem", "issue"),
    *("item dropped", "item littered", "litter item", "what was found", "material", "call type"),
    *("nature of enquiry", "request title", "result tags", "tags", "process name", "form name"),
    *("service type name", "subject name", "job type name", "enquiry type name", "waste class"),
)
NAMES = frozenset(
    {*_THINGS, *_OTHERS, *(f"{of} {thing}" for of in (*_OF, *_OF_WASTE) for thing in _THINGS)}
)
"""Plain names of columns that say what a row is about."""
_FREE_TEXTS = frozenset(
    {"title", "description", "details", "detail", "comments", "notes", "summary"}
)
_CANISTERS = re.compile(
    r"nitrous|\bn\s?2\s?o\b|canister|laughing gas|whip+[- ]?its?\b|whippet|cream charger|charger"
    r"|\bnos\b|\bnox\b|smart ?whip|fast ?gas|gas (?:bottle|cylinder|cartridge)|cylinder|balloon",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(?:no|not|non|without|except|excluding|other than)\b", re.IGNORECASE)
_MOST_CATEGORIES = 40


def chosen_subject(rows: pd.DataFrame, conditions: Sequence[str]) -> tuple[pd.Series, set[str]]:
    """Whether each row is to go in, by the user's choice; and the columns that settle it."""
    chosen, headers = chosen_rows(rows, conditions)
    return chosen, {header for header in headers if heading(header) in NAMES | _FREE_TEXTS}


def refuse_other_subjects(rows: pd.DataFrame, known: Collection[str]) -> None:
    """Refuse a file whose columns do not say of every row that it is about canisters.

    Parameters
    ----------
    known
        Headers that mean something else here.

    Raises
    ------
    FileRefusedError
        A column of categories says otherwise of a row, or says nothing. A file without any such
        column is taken to be about canisters.
    """
    names = [str(name) for name in rows if str(name) not in known and heading(str(name)) in NAMES]
    names = [name for name in names if (rows[name] != "").any()]
    if not names:
        return
    is_said = {
        name: rows[name].map({t: is_canister(t) for t in rows[name].unique()}) for name in names
    }
    if not pd.DataFrame(is_said).any(axis=1).all():
        most = max(names, key=lambda name: (is_said[name].sum(), rows[name].nunique() > 1))
        raise FileRefusedError(_question(rows[most], most), in_shell=_options(rows[most], most))


def is_canister(text: str) -> bool:
    """Whether words of a category mean canisters for certain.

    >>> [is_canister(text) for text in ("Nitrous oxide (NOS)", "Tyres", "Fly-tip, no canisters")]
    [True, False, False]
    """
    return bool(_CANISTERS.search(text)) and not _NEGATED.search(text)


def _question(texts: pd.Series, header: str) -> str:
    """Which values mean canisters?"""
    if texts.nunique() == 1:
        only = texts.iloc[0]
        what = f"all {len(texts)} rows have {header} {only!r}, which does not say canisters"
    else:
        what = f"{header!r} says of some rows that they are not about canisters: {counted(texts)}"
    return (
        f"{what}. Keep the rows that are about canisters; if the column says nothing of what was "
        "found, leave it out of the file"
    )


def _options(texts: pd.Series, header: str) -> str:
    """The options that answer it."""
    values = sorted(texts.unique())
    meant = [value for value in values if is_canister(value)]
    if len(values) > max(8, min(_MOST_CATEGORIES, len(texts) // 2)):
        option = f"""--where "{header} contains ('canister', 'nitrous')\""""
    else:
        option = any_of(header, meant or values)
    return (
        f"or choose those rows by {option} (also not in, =, !=, contains)"
        f"{'' if meant else ', with only the values that mean canisters'}; or leave the column "
        f"aside by --ignore {_quoted(header)}"
    )


def _quoted(header: str) -> str:
    return header if re.fullmatch(r"\w+", header) else f'"{header}"'
