"""How many of the labelled sentences are told right: the figures of docs/security.md.

python -m tests.geodata.people.recognised
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from geodata.people.personal_data import found_in

HALVES = ("tuned", "held_out")
"""The rules were mended by the mistakes of the first half; those of the other, never seen."""


@dataclass(frozen=True)
class Sentence:
    """A made-up sentence, and whether it names a person or a home."""

    half: str
    is_personal: bool
    text: str


@dataclass(frozen=True)
class Measured:
    """Of one half: shares in [0, 1], and the sentences that were told wrong."""

    recall: float
    false_alarms: float
    missed: list[str]
    flagged: list[str]


def _labelled() -> tuple[Sentence, ...]:
    path = Path(__file__).parent / "labelled_sentences.tsv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(
            Sentence(row["half"], row["is_personal"] == "yes", row["sentence"]) for row in rows
        )


LABELLED = _labelled()


def measured(half: str) -> Measured:
    """What is found in one half."""
    personal = [s.text for s in LABELLED if s.half == half and s.is_personal]
    others = [s.text for s in LABELLED if s.half == half and not s.is_personal]
    missed = [text for text in personal if not found_in(text)]
    flagged = [text for text in others if found_in(text)]
    return Measured(1 - len(missed) / len(personal), len(flagged) / len(others), missed, flagged)


if __name__ == "__main__":
    for each in HALVES:
        result = measured(each)
        print(f"{each}: recall {result.recall:.1%}, false alarms {result.false_alarms:.1%}")
