"""The papers for buyers and data protection officers say what the code does."""

import re
from pathlib import Path

import click
import pytest

from geodata.store.engine import Store
from tests.signing_key import SIGNING_KEY
from web.application import create_app
from web.cli import hotspots
from web.config import Config
from web.services.admin.retention_schedule import Terms, classes, kept_on

PAPERS = sorted((Path(__file__).parents[1] / "docs/papers").glob("*.md"))
A_COMMAND = re.compile(r"`hotspots ([^`]+)`")
A_PAGE = re.compile(r"`(/[a-z][a-z/.-]*)`")


def _name(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("paper", PAPERS, ids=_name)
def test_every_command_that_a_paper_names_is_there_with_its_options(paper: Path) -> None:
    for line in A_COMMAND.findall(paper.read_text(encoding="utf-8")):
        command: click.Command | None = hotspots
        words = line.split()
        while isinstance(command, click.Group) and words and not words[0].startswith("-"):
            command = command.get_command(click.Context(command), words.pop(0))
        assert command is not None, line
        known = {option for each in command.params for option in each.opts} | {"--version"}
        assert {word for word in words if word.startswith("--")} <= known, line


def test_every_page_that_a_paper_names_is_served(geopackage: Store) -> None:
    app = create_app(Config(database_url=f"sqlite:///{geopackage.path}", secret_key=SIGNING_KEY))
    served = {rule.rule.rstrip("/") for rule in app.url_map.iter_rules()}
    named = {page for paper in PAPERS for page in A_PAGE.findall(paper.read_text("utf-8"))}
    assert named
    assert named - served == set()


def test_the_retention_schedule_is_that_of_the_code() -> None:
    paper = next(each for each in PAPERS if each.stem == "retention-schedule")
    rows = [line for line in paper.read_text("utf-8").splitlines() if line.startswith("| `")]
    printed = [tuple(cell.strip(" `") for cell in row.split("|")[1:5]) for row in rows]
    kept = [
        (each.name, each.what, each.why, each.how_long)
        for each in (*classes(Terms()), *kept_on(Terms()))
    ]
    assert printed == kept


@pytest.mark.parametrize("paper", PAPERS, ids=_name)
def test_every_paper_marks_what_the_council_must_write(paper: Path) -> None:
    assert paper.stem in {"hosting"} or "**Council:**" in paper.read_text("utf-8")
