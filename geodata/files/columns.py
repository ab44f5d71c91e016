"""Which column of a file means what, by the names that people give to columns."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from geodata.files.problems import FileRefusedError


@dataclass(frozen=True)
class Field:
    """Something that a kind of file may hold.

    Attributes
    ----------
    name
        Our word for it, which ``--map theirs=ours`` uses.
    aliases
        Other words, in lower case with single spaces.
    """

    name: str
    aliases: tuple[str, ...] = ()


def plain(header: str) -> str:
    """A header without case, punctuation and odd spaces: "No. of Canisters" is no of canisters."""
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    return " ".join(re.findall(r"[a-z0-9]+", split.lower()))


def known_headings(fields: Iterable[Field], given: Mapping[str, str]) -> set[str]:
    """Plain names of all columns that mean something, by which a header is found in its file."""
    named = {plain(theirs) for theirs in given}
    return named.union(*((plain(field.name), *field.aliases) for field in fields))


def match_columns(
    headers: Sequence[str], fields: Iterable[Field], given: Mapping[str, str]
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
    taken = set(given)
    by_plain_name = {plain(header): header for header in reversed(headers)}
    for field in fields:
        for alias in (plain(field.name), *field.aliases):
            header = by_plain_name.get(alias)
            if field.name not in matches and header is not None and header not in taken:
                matches[field.name] = header
                taken.add(header)
    return matches
