"""What people write into a report: summary, strengths and weaknesses, plan, recommendations."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from web.services.committee.document import Block, Document, Heading, Paragraph, Table
from web.services.common.wording import date_in_words

RECOMMENDED_CAPTION = "What the committee is asked to recommend"
FOLLOWED_CAPTION = "Recommendations of the report before, and how far they are"
SWOT_CAPTION = "As officers see them"
SWOT = {
    "strengths": "Strengths",
    "weaknesses": "Weaknesses",
    "opportunities": "Opportunities",
    "threats": "Threats",
}


@dataclass(frozen=True)
class Recommendation:
    """What the committee is asked to recommend, who is to do it and by when (None: no day)."""

    text: str
    owner: str
    due_on: date | None


@dataclass(frozen=True)
class Narrative:
    """The words of a report; each may be empty."""

    summary: str = ""
    strengths: str = ""
    weaknesses: str = ""
    opportunities: str = ""
    threats: str = ""
    plan: str = ""
    recommendations: tuple[Recommendation, ...] = ()

    def as_json(self) -> dict[str, Any]:
        rows = [
            asdict(each) | {"due_on": each.due_on and each.due_on.isoformat()}
            for each in self.recommendations
        ]
        return asdict(self) | {"recommendations": rows}


def narrative_of(kept: Mapping[str, Any]) -> Narrative:
    """The words as a draft or release holds them."""
    rows = tuple(
        Recommendation(
            row["text"], row["owner"], date.fromisoformat(row["due_on"]) if row["due_on"] else None
        )
        for row in kept.get("recommendations", [])
    )
    words = {name: kept.get(name, "") for name in ("summary", *SWOT, "plan")}
    return Narrative(**words, recommendations=rows)


def with_words(report: Document, words: Narrative, followed: Sequence[tuple[str, ...]]) -> Document:
    """The report with the words in it, after the questions that the figures answer.

    ``followed``: what became of each of last time's recommendations.
    """
    heads = [n for n, block in enumerate(report.blocks) if isinstance(block, Heading)]
    sections = [n for n in heads if _level(report.blocks[n]) == 1]
    start, end = sections[0] + 1, sections[1]
    return replace(
        report,
        blocks=(
            *report.blocks[:start],
            *paragraphs(words.summary),
            *report.blocks[start:end],
            *_sections(words, followed),
            *report.blocks[end:],
        ),
    )


def _level(block: Block) -> int:
    return block.level if isinstance(block, Heading) else 0


def paragraphs(text: str) -> list[Block]:
    """What people wrote, a paragraph for each that an empty line ends."""
    parts = (" ".join(part.split()) for part in text.replace("\r", "").split("\n\n"))
    return [Paragraph(part) for part in parts if part]


def _sections(words: Narrative, followed: Sequence[tuple[str, ...]]) -> list[Block]:
    blocks: list[Block] = []
    if words.recommendations:
        blocks += [Heading("Recommendations"), _recommended(words.recommendations)]
    if followed:
        blocks += [Heading("What became of last time's recommendations"), _followed(followed)]
    if words.plan:
        blocks += [Heading("Plan on a page"), *paragraphs(words.plan)]
    swot = [(name, getattr(words, key)) for key, name in SWOT.items() if getattr(words, key)]
    if swot:
        blocks += [
            Heading("Strengths, weaknesses, opportunities and threats"),
            Table(SWOT_CAPTION, ("What", "In words"), tuple(swot), (0.2, 0.8)),
        ]
    return blocks


def _recommended(rows: Sequence[Recommendation]) -> Table:
    return Table(
        RECOMMENDED_CAPTION,
        ("Recommendation", "Owner", "By"),
        tuple(
            (row.text, row.owner, date_in_words(row.due_on) if row.due_on else "No day is set")
            for row in rows
        ),
        (0.6, 0.22, 0.18),
    )


def _followed(rows: Sequence[tuple[str, ...]]) -> Table:
    return Table(
        FOLLOWED_CAPTION,
        ("Recommendation", "Owner", "State", "Note"),
        tuple(rows),
        (0.42, 0.18, 0.15, 0.25),
    )
