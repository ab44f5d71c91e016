"""``python -m tests.dead_code``: names of the three packages that nothing uses, by vulture.

Vulture reads Python alone. What templates read counts as used here too; what frameworks call by
name stands under ``[tool.vulture]`` in ``pyproject.toml``; what is kept on purpose stands in
``KEPT``, each with its reason. Ends with status 1 where a name is left, or where one of ``KEPT`` is
used by now.
"""

import re
import sys
import tomllib
from keyword import iskeyword
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXPRESSION = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)

KEPT = {
    "explore": "hotspots: the map of a result in a notebook, as geopandas has it",
    "density_clusters_tiled": "hotspots: for data that do not fit into memory; the same clusters",
    "dumps_needed": "hotspots: how large a trial must be, asked before it begins",
    "p_poisson": "hotspots: Knox's p-value as PySAL prints it, for comparison",
    "slope_a_year": "hotspots: part of what a trend says",
    "create_house": "what gunicorn is given: docs/house.md",
    "field_flags": "WTForms asks a validator for them",
    "get_translations": "WTForms asks it for its messages",
    "SYSTEM": "a source that imported files may name",
    "possession_offence": "a field of the law's table, shown with the row",
    "keeper_representations_last_day": "printed by `hotspots law --json`, field by field",
    "keeper_last_day_to_give": "printed by `hotspots law --json`, field by field",
    "keeper_last_day_to_pay": "printed by `hotspots law --json`, field by field",
    "moderated_by_id": "column: part of the record",
    "made_by_id": "column: part of the record",
    "frozen_by_id": "column: part of the record",
    "taken_by_id": "column: part of the record",
    "prohibition_id": "column: part of the record",
    "mails_forgotten": "printed by `hotspots tick --json`, field by field",
    "freeze_panes": "openpyxl reads it of a sheet",
    "analysis": "a field of a form that is shown field by field",
    "assessment": "a field of a form that is shown field by field",
}
"""What the library offers and no page needs, or what only data say: name → why it stays."""


def names_in_templates() -> set[str]:
    """Every name within an expression or statement of a template."""
    return {
        name
        for template in (ROOT / "web/templates").rglob("*.*")
        for expression in EXPRESSION.findall(template.read_text(encoding="utf-8"))
        for name in NAME.findall(expression)
    }


def unused() -> list[str]:
    """One line a name that nothing uses."""
    from vulture import Vulture  # pytest reads this file for doctests; only the command needs it

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "vulture"
    ]
    search = Vulture(
        ignore_names=settings["ignore_names"], ignore_decorators=settings["ignore_decorators"]
    )
    search.scavenge([ROOT / path for path in settings["paths"]])
    read = sorted(name for name in names_in_templates() if not iskeyword(name))
    search.scan("\n".join(f"_.{name}" for name in read), "templates")
    return [item.get_report() for item in search.get_unused_code(settings["min_confidence"])]


def main() -> None:
    """Print what is left, and what is kept without need."""
    lines = unused()
    dead = [line for line in lines if not any(f"'{name}'" in line for name in KEPT)]
    needless = [name for name in KEPT if not any(f"'{name}'" in line for line in lines)]
    sys.stdout.writelines(f"{line}\n" for line in dead)
    sys.stdout.writelines(f"{name} is used, or gone: take it off KEPT\n" for name in needless)
    sys.exit(bool(dead or needless))


if __name__ == "__main__":
    main()
