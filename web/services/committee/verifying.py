"""Reckon a release again from the store, and name each figure that differs, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata.store import committee_papers
from geodata.store.told_later import ToldLater, told_later
from hotspots.core.words import counted, listed
from web.services.committee.compiling import compile_report
from web.services.committee.document_json import from_json
from web.services.committee.drafting import is_intact
from web.services.committee.released_figures import ReportFigure, figures_of
from web.services.partnership.comparison_table import Audience

if TYPE_CHECKING:
    from geodata.models import CommitteeRelease

NOT_THERE = "not in the report"


@dataclass(frozen=True)
class Difference:
    """A figure that the store gives otherwise today."""

    name: str
    released: str
    today: str


@dataclass(frozen=True)
class Verification:
    """What came of reckoning a release again.

    Attributes
    ----------
    figures
        How many were compared.
    differences
        Those that are not the same.
    reasons
        What reached the store, or was changed in it, since the release was reckoned.
    is_intact
        Whether the release itself is as its fingerprint says.
    """

    release_id: int
    known_by: datetime
    figures: int
    differences: list[Difference]
    reasons: list[str]
    is_intact: bool

    @property
    def is_confirmed(self) -> bool:
        return self.is_intact and not self.differences


def verify(session: Session, release_id: int) -> Verification:
    """Compare each figure of a release with the store, as it says that things stood then.

    Raises
    ------
    NotFoundError
        There is no such release.
    """
    release = committee_papers.release(session, release_id)
    kept = from_json(release.content)
    again = compile_report(
        session,
        first=release.first_day,
        last=release.last_day,
        audience=Audience(release.audience),
        council=kept.council,
        basemap=None,
        now=release.known_by,
    )
    before, after = figures_of(kept), figures_of(again)
    return Verification(
        release.id,
        release.known_by,
        len(before),
        differences(before, after),
        _reasons(release, told_later(session, release.known_by)),
        is_intact(release),
    )


def differences(before: list[ReportFigure], after: list[ReportFigure]) -> list[Difference]:
    """Figures whose words are not the same, in the order of the release; new ones at the end."""
    old = {figure.address: figure for figure in before}
    new = {figure.address: figure for figure in after}
    return [
        Difference(
            figure.name,
            old[address].value if address in old else NOT_THERE,
            new[address].value if address in new else NOT_THERE,
        )
        for address, figure in (old | new).items()
        if address not in old or address not in new or old[address].value != new[address].value
    ]


def _reasons(release: CommitteeRelease, later: ToldLater) -> list[str]:
    counts = [
        (later.reports, "late report"),
        (later.clearances, "late or withdrawn clearance"),
        (later.corrections, "correction"),
        (later.actions, "enforcement event"),
        (later.imports, "import"),
        (later.runs, "detection run"),
        (later.rules, "rule change"),
        (later.publications, "public release"),
    ]
    found = [counted(number, noun) for number, noun in counts if number]
    reasons = [f"since then: {listed(found)}"] if found else []
    version = metadata.version("canister-hotspots")
    if version != release.code_version:
        reasons.append(f"the program is {version} and was {release.code_version}")
    return reasons or ["nothing that explains it is recorded: look at the store's own history"]
