"""The picture of a keeper's civil penalty, drawn from the table of steps that runs it."""

from geodata.rules.enforcement.keeper_life import STEPS, KeeperStep
from geodata.rules.tables import RuleBook, packaged


def keeper_picture(rules: RuleBook) -> str:
    """A Mermaid state diagram: an arrow for each step, with the days in which it may be taken."""
    return "\n".join(["stateDiagram-v2", *(_arrow(rules, step) for step in STEPS)])


def keeper_steps() -> str:
    """The same steps as a Markdown table, for readers of the site, which draws no Mermaid."""
    arrows = [_arrow(packaged(), step).strip() for step in STEPS]
    pairs = [arrow.partition(" : ") for arrow in arrows]
    lines = [
        f"| {' | '.join(part.replace('_', ' ') for part in steps.split(' --> '))} | {when} |"
        for steps, _, when in pairs
    ]
    return "\n".join(["| from | to | when |", "|---|---|---|", *lines])


def _arrow(rules: RuleBook, step: KeeperStep) -> str:
    arrow = f"    {step.before} --> {step.after}"
    if not step.period:
        return arrow
    # The newest row: a picture shows the procedure of today.
    row = [row for row in rules["periods"].rows if row["code"] == step.period][-1]
    start = "it was given" if step.counted_from == "given" else "the state began"
    return f"{arrow} : {step.side} {row['length'][0]} {row['unit']} beginning with the day {start}"


if __name__ == "__main__":
    print(keeper_picture(packaged()))  # noqa: T201  # what it was asked for
