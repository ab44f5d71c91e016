"""Which column of a file means what, by the names that people give to columns."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from unicodedata import combining, normalize

from geodata.files.problems import FileRefusedError
from geodata.files.welsh_headings import WELSH


@dataclass(frozen=True)
class Field:
    """Something that a kind of file may hold.

    Attributes
    ----------
    name
        Our word for it, which ``--map theirs=ours`` uses.
    aliases
        Other words, in lower case with single spaces.
    ons
        How the Office for National Statistics ends its columns of such: ``nm``, ``cd`` or none.
    """

    name: str
    aliases: tuple[str, ...] = ()
    ons: str = ""


def plain(header: str) -> str:
    """A header without case, punctuation and odd spaces: "No. of Canisters" is no of canisters."""
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", _without_accents(header))
    return " ".join(re.findall(r"[a-z0-9]+", split.lower()))


def _without_accents(text: str) -> str:
    return "".join(letter for letter in normalize("NFKD", text) if not combining(letter))


def heading(header: str) -> str:
    """A header's plain name in English, whichever of two languages it is in.

    >>> heading("Dyddiad yr adroddiad"), heading("Date of report")
    ('date of report', 'date of report')
    """
    name = plain(header)
    return WELSH.get(name, name)


def named(before: Iterable[str], names: Sequence[str]) -> tuple[str, ...]:
    """Each name behind each of some words, as systems' exports have them: case created date.

    >>> named(("", "case"), ("status", "number"))
    ('status', 'number', 'case status', 'case number')
    """
    return tuple(f"{word} {name}".strip() for word in before for name in names)


_UNIT = re.compile(
    r"\s*[\[(]\s*(?:m|metres?|meters?|deg(?:rees)?|decimal degrees|decimal|°|wgs ?84|bng|utc|"
    r"osgb(?:36)?|epsg:? ?\d+|dd[/-]mm[/-]yyyy|optional|required|local(?: time)?|"
    r"24 ?h(?:ou)?(?:rs?)?|pence|£|gbp|pounds|hh:?mm|yes/no|y/n|"
    r"(?:foot)?notes? \d{1,2}(?:,? (?:and )?\d{1,2})*)"
    r"\s*[\])]\s*$",
    re.IGNORECASE,
)
"""What stands in brackets behind a name and does not change what it names."""
_DBF_LETTERS = 10
"""Of a column's name in a Shapefile (dBase III)."""
_SHORTEST = 6
"""Letters of a name by which gaps may be passed over: "or at" is not "orat"."""
_LEVELS = (
    *("lsoa", "msoa", "wd", "ward", "par", "ced", "lad", "ltla", "pcon", "csp", "cty", "ctyua"),
    *("utla", "pfa", "cauth", "rgn", "ctry"),
)
"""Areas of the Office for National Statistics, the finest first: that is what a row is of."""


def ons_column(headers: Iterable[str], ending: str) -> str | None:
    """The column of names (``nm``) or codes (``cd``) as the ONS calls them: WD24NM, LAD24NM.

    >>> ons_column(["LAD24NM", "WD24CD", "WD24NM", "WD24NMW"], "nm")
    'WD24NM'
    """
    headers_by_level: dict[str, str] = {}
    for header in headers:
        match = re.fullmatch(rf"([a-z]+)\d\d{ending}", header.strip().lower())
        if match is not None and match[1] in _LEVELS:
            headers_by_level.setdefault(match[1], header)
    return next((headers_by_level[level] for level in _LEVELS if level in headers_by_level), None)


def known_headings(fields: Iterable[Field], given: Mapping[str, str]) -> set[str]:
    """Plain names of all columns that mean something, by which a header is found in its file."""
    named = {heading(theirs) for theirs in given}
    return named.union(*((plain(field.name), *field.aliases) for field in fields))


def match_columns(
    headers: Sequence[str],
    fields: Iterable[Field],
    given: Mapping[str, str],
    spare: Collection[str] = (),
) -> dict[str, str]:
    """Our name of each field that the file holds, and the file's own header for it.

    Parameters
    ----------
    headers
        The file's.
    fields
        What may be there; where two headers fit one field, the earlier alias wins.
    given
        The user's own mapping, theirs to ours, which wins over everything.
    spare
        Headers that are taken only for what no other header fits.

    Raises
    ------
    FileRefusedError
        The mapping names a header that the file lacks, or a field that does not exist.
    """
    fields = list(fields)
    known = {field.name for field in fields}
    twice = [ours for ours, n in Counter(given.values()).items() if n > 1]
    if twice:
        raise FileRefusedError(f"--map gives {twice[0]} two columns: choose one")
    for theirs, ours in given.items():
        if theirs not in headers:
            raise FileRefusedError(
                f"--map {theirs}={ours}: the file has no column {theirs!r}; "
                f"it has {', '.join(headers)}"
            )
        if ours not in known:
            raise FileRefusedError(
                f"--map {theirs}={ours}: there is no field {ours!r}; choose from "
                f"{', '.join(sorted(known))}"
            )
    matches = {ours: theirs for theirs, ours in given.items()}
    _match([header for header in headers if header not in spare], fields, matches)
    if spare:
        _match(headers, fields, matches)
    return matches


def _match(headers: Sequence[str], fields: Sequence[Field], matches: dict[str, str]) -> None:
    """Add to ``matches`` what else the headers hold."""
    taken = set(matches.values())
    by_plain_name = {heading(_UNIT.sub("", header)): header for header in reversed(headers)}
    by_plain_name |= {heading(header): header for header in reversed(headers)}
    names = known_headings(fields, {})
    odd = [header for header in headers if heading(header) not in names]
    by_letters = {_letters(header): header for header in reversed(odd)}
    for field in fields:
        for alias in (plain(field.name), *field.aliases):
            header = by_plain_name.get(alias) or _close_to(alias, by_letters)
            if field.name not in matches and header is not None and header not in taken:
                matches[field.name] = header
                taken.add(header)
        official = ons_column(headers, field.ons) if field.ons else None
        if field.name not in matches and official is not None and official not in taken:
            matches[field.name] = official
            taken.add(official)


def _letters(header: str) -> str:
    """A name without the gaps that one program writes and another does not: createdon."""
    return plain(_UNIT.sub("", header)).replace(" ", "")


def _close_to(alias: str, by_letters: Mapping[str, str]) -> str | None:
    """The header that is an alias but for its gaps, or as a Shapefile cuts it to ten letters.

    >>> _close_to("reported at", {"reporteda": "REPORTED_A"})
    'REPORTED_A'
    """
    letters = alias.replace(" ", "")
    if len(letters) < _SHORTEST:
        return None
    cut = by_letters.get(alias.replace(" ", "_")[:_DBF_LETTERS].replace("_", ""))
    is_cut = cut is not None and len(cut) == _DBF_LETTERS < len(alias)
    return by_letters.get(letters) or (cut if is_cut else None)
