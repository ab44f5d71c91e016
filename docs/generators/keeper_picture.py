"""The picture of a keeper's civil penalty, drawn from the table of steps that runs it."""

from collections.abc import Iterator

from geodata.rules.enforcement.keeper_life import STEPS, KeeperStep
from geodata.rules.tables import Row, RuleBook, packaged


def keeper_picture(rules: RuleBook) -> str:
    """A Mermaid state diagram: an arrow for each step, with the days in which it may be taken."""
    return "\n".join(["stateDiagram-v2", *_arrows(rules)])


def keeper_steps() -> str:
    """The same steps as a Markdown table, for readers of the site, which draws no Mermaid."""
    arrows = [arrow.strip() for arrow in _arrows(packaged())]
    pairs = [arrow.partition(" : ") for arrow in arrows]
    lines = [
        f"| {' | '.join(part.replace('_', ' ') for part in steps.split(' --> '))} | {when} |"
        for steps, _, when in pairs
    ]
    return "\n".join(["| from | to | when |", "|---|---|---|", *lines])


def _arrows(rules: RuleBook) -> Iterator[str]:
    """One for each step of the procedure of today."""
    for step in STEPS:
        arrow = f"    {step.before} --> {step.after}"
        newest = [row for row in rules["periods"].rows if row["code"] == step.period][-1:]
        if not step.period:
            yield arrow
        elif newest[0].valid_to is None:
            yield f"{arrow} : {step.side} {_days(newest[0], step)}"


def _days(row: Row, step: KeeperStep) -> str:
    length = row["length"][0]
    unit = row["unit"].removesuffix("s") if length == 1 else row["unit"]
    start = {"act": "of the act", "given": "it was given", "since": "the state began"}
    return f"{length} {unit} beginning with the day {start[step.counted_from]}"


if __name__ == "__main__":
    print(keeper_picture(packaged()))  # noqa: T201  # what it was asked for
