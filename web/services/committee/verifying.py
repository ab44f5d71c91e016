"""Reckon a release again from the store, and name each figure that differs, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from importlib import metadata
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata.frames.record_changes import RecordChange, record_changes
from geodata.people.personal_data import REMOVED
from geodata.store import committee_papers
from web.services.committee.compiling import compile_report
from web.services.committee.difference_reasons import every_change, reasons_of
from web.services.committee.document_json import from_json
from web.services.committee.drafting import is_intact, is_redacted
from web.services.committee.figure_scopes import scope_of
from web.services.committee.released_figures import ReportFigure, figures_of
from web.services.committee.report_period import ReportPeriod
from web.services.partnership.comparison_table import Audience

if TYPE_CHECKING:
    from geodata.models import CommitteeRelease

Address = tuple[str, str, str]
Explain = Callable[[Address], tuple[str, ...]]
"""Why a figure differs, by its address."""
NOT_THERE = "not in the report"


@dataclass(frozen=True)
class Difference:
    """A figure that the store gives otherwise today.

    Attributes
    ----------
    reasons
        What changed since then among the things that it counts.
    is_redaction
        Because a person was taken out of the words by which it is called.
    """

    name: str
    released: str
    today: str
    is_redaction: bool = False
    reasons: tuple[str, ...] = ()


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
    is_redacted
        Whether it is as a redaction left it, which the audit holds: a person was taken out of its
        words, and nothing else has changed.
    """

    release_id: int
    known_by: datetime
    figures: int
    differences: list[Difference]
    reasons: list[str]
    is_intact: bool
    is_redacted: bool = False

    @property
    def same(self) -> int:
        """How many of the release's figures are the same."""
        return self.figures - sum(each.released != NOT_THERE for each in self.differences)

    @property
    def is_confirmed(self) -> bool:
        """A redaction is no difference: the law asks for it, and no number changes by it."""
        is_sound = self.is_intact or self.is_redacted
        return is_sound and all(each.is_redaction for each in self.differences)


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
    changes = record_changes(session, release.known_by)
    return Verification(
        release.id,
        release.known_by,
        len(before),
        differences(before, after, _explainer(release, changes)),
        _reasons(release, changes),
        is_intact(release),
        is_redacted(session, release),
    )


def _explainer(release: CommitteeRelease, changes: list[RecordChange]) -> Explain:
    period = ReportPeriod(release.first_day, release.last_day)
    is_public = release.audience == Audience.PUBLIC
    by_program = _program_change(release)

    def explain(address: Address) -> tuple[str, ...]:
        scope = scope_of(address, period, is_public=is_public)
        return (*reasons_of(scope, changes), *by_program)

    return explain


def _unexplained(_address: Address) -> tuple[str, ...]:
    return ()


def differences(
    before: list[ReportFigure], after: list[ReportFigure], explain: Explain = _unexplained
) -> list[Difference]:
    """Figures whose words are not the same, in the order of the release; new ones at the end."""
    old = {figure.address: figure for figure in before}
    new = {figure.address: figure for figure in after}
    return [
        replace(_difference(address, old, new), reasons=explain(address))
        for address in old | new
        if address not in old or address not in new or old[address].value != new[address].value
    ]


def _difference(
    address: Address, old: dict[Address, ReportFigure], new: dict[Address, ReportFigure]
) -> Difference:
    released = old[address].value if address in old else NOT_THERE
    today = new[address].value if address in new else NOT_THERE
    is_redaction = (
        REMOVED in today or REMOVED in address[1] or _is_called_otherwise(address, old, new)
    )
    return Difference((old | new)[address].name, released, today, is_redaction)


def _is_called_otherwise(
    address: Address, old: dict[Address, ReportFigure], new: dict[Address, ReportFigure]
) -> bool:
    """Whether a row is gone whose figure stands, the same, in a row with a redacted head."""
    table, _, column = address
    return address not in new and any(
        each[0] == table
        and each[2] == column
        and REMOVED in each[1]
        and figure.value == old[address].value
        for each, figure in new.items()
    )


def _reasons(release: CommitteeRelease, changes: list[RecordChange]) -> list[str]:
    reasons = [*filter(None, [every_change(changes)]), *_program_change(release)]
    return reasons or ["nothing that explains it is recorded: look at the store's own history"]


def _program_change(release: CommitteeRelease) -> list[str]:
    version = metadata.version("canister-hotspots")
    if version == release.code_version:
        return []
    return [f"the program is {version} and was {release.code_version}"]
