"""Whether a store is whole: its file, its layers, its references, and what its rows add up to.

Each check reads and changes nothing. Start with `findings`.
"""

from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from geodata.store.soundness import layer_checks, photo_checks, record_checks, table_checks

CHECKS = (*table_checks.CHECKS, *layer_checks.CHECKS, *record_checks.CHECKS, *photo_checks.CHECKS)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, in one sentence, and which check found it."""

    check: str
    sentence: str


def findings(connection: Connection) -> list[Finding]:
    """Everything that is wrong with a store, in the order of the checks.

    A store whose tables are not this program's is told so, and nothing else: other checks would
    read columns that are not there.
    """
    all_findings: list[Finding] = []
    for check in CHECKS:
        name = check.__name__
        try:
            all_findings += [Finding(name, sentence) for sentence in check(connection)]
        except DatabaseError as error:
            return [*all_findings, Finding("pages", f"the file is damaged: {error.orig}")]
        if all_findings and name in table_checks.STOP_AFTER:
            break
    return all_findings
