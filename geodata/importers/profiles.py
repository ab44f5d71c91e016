"""How the files of a known system are understood: shipped as data, or kept by a council."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from geodata.files.columns import heading
from geodata.files.problems import FileRefusedError
from geodata.importers.when.times import Order
from geodata.store import settings

FOLDER = Path(__file__).parent / "profile_files"
_SETTING = "import_profile."
_LONGEST_NAME = 40


@dataclass(frozen=True)
class Profile:
    """What is known of the files of one system.

    Attributes
    ----------
    title
        Which system, for people.
    kind
        What its rows are.
    columns
        Our field to their headers, the best first; ``*`` stands for anything.
    ignore, where, dates, crs, utc
        As in ``ImportOptions``; headers that a file lacks are passed over.
    """

    title: str
    kind: str
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ignore: Sequence[str] = ()
    where: Sequence[str] = ()
    dates: Order | None = None
    crs: str | None = None
    utc: Sequence[str] = ()

    def mapping(self, headers: Sequence[str], taken: Mapping[str, str]) -> dict[str, str]:
        """The file's headers to our fields, besides those that the user mapped."""
        chosen = dict(taken)
        for ours, theirs in self.columns.items():
            header = next(
                (h for name in theirs for h in headers if h not in chosen and _is_called(h, name)),
                None,
            )
            if ours not in chosen.values() and header is not None:
                chosen[header] = ours
        return chosen

    def ignored(self, headers: Sequence[str]) -> list[str]:
        """The file's headers that mean nothing."""
        return [h for h in headers if any(_is_called(h, name) for name in self.ignore)]

    def headings(self) -> set[str]:
        """Plain names by which a header is found in its file."""
        return {heading(name) for names in self.columns.values() for name in names}


def _is_called(header: str, name: str) -> bool:
    return header == name or fnmatchcase(header.casefold(), name.casefold())


@cache
def shipped() -> dict[str, Profile]:
    """The profiles that come with the product, by name."""
    return {
        path.stem: _of(tomllib.loads(path.read_text("utf-8")))
        for path in sorted(FOLDER.glob("*.toml"))
    }


def by_name(session: Session, name: str, kind: str) -> Profile:
    """The council's own profile of this name, else the one that comes with the product.

    Raises
    ------
    FileRefusedError
        There is none, or it is for another kind of file.
    """
    kept = settings.read(session, _SETTING + name)
    profile = shipped().get(name) if kept is None else _of(kept)
    if profile is None:
        raise FileRefusedError(f"--profile {name}: choose from {', '.join(names(session))}")
    if profile.kind != kind:
        raise FileRefusedError(f"--profile {name} is for {profile.kind}, and not for {kind}")
    return profile


def names(session: Session) -> list[str]:
    """All profiles: those that come with the product, and the council's own."""
    kept = settings.names(session, _SETTING)
    return sorted({*shipped(), *(name.removeprefix(_SETTING) for name in kept)})


def names_for(session: Session, kind: str) -> list[str]:
    """The profiles that are for a kind of file."""
    kept = {name: settings.read(session, _SETTING + name) for name in names(session)}
    kinds = {
        name: shipped()[name].kind if document is None else _of(document).kind
        for name, document in kept.items()
    }
    return [name for name in kinds if kinds[name] == kind]


def check_name(name: str) -> None:
    """Refuse a name under which no profile can be kept.

    Raises
    ------
    FileRefusedError
        It is empty, long, or has other signs than letters, digits, - and _.
    """
    if (
        not name
        or len(name) > _LONGEST_NAME
        or not name.replace("-", "").replace("_", "").isalnum()
    ):
        raise FileRefusedError(f"--save-profile {name!r}: use letters, digits, - and _ (up to 40)")


def keep(session: Session, name: str, profile: Profile) -> None:
    """Keep a profile under a name, in place of an older one of this name."""
    check_name(name)
    document = {key: value for key, value in vars(profile).items() if value}
    settings.write(session, _SETTING + name, document)


def _of(document: Mapping[str, Any]) -> Profile:
    return Profile(**document)
