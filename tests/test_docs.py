"""What is written about the code must hold: paths, pages, tables, settings and examples."""

import ast
import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from docs.generators import data_dictionary, gallery, library_rooms, rooms_picture, settings_table
from geodata.models import Base
from geodata.store.engine import Store
from tests.signing_key import SIGNING_KEY
from web.application import create_app
from web.config import Config, load_config

ROOT = Path(__file__).parents[1]
WRITTEN = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
    ]
)
CODE_SPAN = re.compile(r"`([^`\n]+)`")
A_PATH = re.compile(r"(?:hotspots|geodata|web|tests|docs|\.ci)/[\w./-]*")
A_PAGE = re.compile(r"/[a-z][a-z/-]*")
A_MODULE = re.compile(r"(?:hotspots|geodata|web)(?:\.[a-z_]+)+")
A_LINK = re.compile(r"\]\(([^)#\s]+)")


def _spans(page: Path, pattern: re.Pattern[str]) -> set[str]:
    text = page.read_text(encoding="utf-8")
    return {span for span in CODE_SPAN.findall(text) if pattern.fullmatch(span)}


def _id(value: object) -> str:
    return str(value.relative_to(ROOT)) if isinstance(value, Path) else str(value)


@pytest.mark.parametrize("page", WRITTEN, ids=_id)
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    missing = {path for path in _spans(page, A_PATH) if not (ROOT / path).exists()}

    assert missing == set()


def test_glossary_says_of_every_word_where_it_stands() -> None:
    rows = [
        line
        for line in (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and not line.startswith("| word ")
    ]

    assert len(rows) > 50
    assert [row for row in rows if not A_PATH.fullmatch(row.split("|")[-2].strip(" `"))] == []


@pytest.mark.parametrize("page", sorted(ROOT.glob("*.md")), ids=_id)
def test_every_link_of_a_page_in_the_root_leads_to_a_file(page: Path) -> None:
    links = A_LINK.findall(page.read_text(encoding="utf-8"))
    local = [link for link in links if not link.startswith("http")]

    assert [link for link in local if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("name", ["officer.md", "operator.md"])
def test_every_page_address_that_a_guide_names_is_served(name: str, geopackage: Store) -> None:
    app = create_app(Config(database_url=f"sqlite:///{geopackage.path}", secret_key=SIGNING_KEY))
    served = {rule.rule.rstrip("/") for rule in app.url_map.iter_rules()}

    named = _spans(ROOT / "docs" / name, A_PAGE)

    assert named
    assert named - served == set()


def test_change_log_leads_to_modules_that_are_there() -> None:
    named = set()
    for line in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| `"):
            named |= set(CODE_SPAN.findall(line.split("|")[-2]))

    paths = {name: ROOT / name.replace(".", "/") for name in named if A_MODULE.fullmatch(name)}

    assert len(paths) > 50
    assert [n for n, p in paths.items() if not (p.is_dir() or p.with_suffix(".py").exists())] == []


def test_dictionary_describes_every_column_of_every_table() -> None:
    text = data_dictionary.data_dictionary()  # refuses a column that nothing explains

    sections = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL))

    described = {
        table: set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))
        for table, section in sections.items()
    }
    assert described == {
        table.name: {column.name for column in table.columns}
        for table in Base.metadata.tables.values()
    }


def test_dictionary_explains_no_column_that_is_gone() -> None:
    columns = {table.name: set(table.columns.keys()) for table in Base.metadata.tables.values()}
    anywhere = set().union(*columns.values())

    explained = {
        (table, column)
        for table, meanings in data_dictionary.MEANINGS.items()
        for column in meanings
    }

    gone = {
        (table, column)
        for table, column in explained
        if column not in (anywhere if table == "any" else columns.get(table, set()))
    }
    assert gone == set()


def test_settings_table_names_every_variable_that_is_read() -> None:
    named = re.findall(r"^\| `(HOTSPOTS_\w+)` \|", settings_table.settings_table(), re.MULTILINE)

    assert {name.removeprefix("HOTSPOTS_").lower() for name in named} == {
        *vars(load_config({})).keys()
    } - {"sources"}


@pytest.mark.parametrize("script", gallery.examples(), ids=_id)
def test_example_draws_one_figure(script: Path) -> None:
    figure = gallery.figure_of(script)

    assert figure.startswith("<?xml")
    assert "</svg>" in figure


@pytest.mark.parametrize("script", gallery.examples(), ids=_id)
def test_example_is_short_and_uses_public_names_alone(script: Path) -> None:
    source = script.read_text(encoding="utf-8")
    imports = [
        (node.module, alias.name)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("hotspots")
        for alias in node.names
    ]

    assert len(source.splitlines()) < 60
    assert imports
    assert [
        (module, name) for module, name in imports if name not in import_module(module).__all__
    ] == []


def test_gallery_has_at_least_eight_examples() -> None:
    assert len(gallery.examples()) >= 8


def test_picture_shows_every_room_of_the_house() -> None:
    drawn = rooms_picture.rooms_picture(ROOT)

    for package in ("hotspots", "geodata", "web/services"):
        rooms = {door.parent.name for door in (ROOT / package).glob("*/__init__.py")}
        assert {room for room in rooms if f">{room}</text>" not in drawn} == set()


def test_picture_draws_no_arrow_upwards() -> None:
    for package in rooms_picture.packages(ROOT)[1:]:
        level = {room: number for number, row in enumerate(package.rows) for room in row}
        imports = rooms_picture.room_imports(ROOT, package)
        assert [(a, b) for a, b in imports if level[a] >= level[b]] == []


def test_picture_leaves_out_arrows_that_follow_from_others() -> None:
    edges = {("a", "b"), ("b", "c"), ("a", "c"), ("a", "d")}

    assert rooms_picture.without_shortcuts(edges) == edges - {("a", "c")}


def test_every_room_of_the_library_has_its_page_in_the_reference() -> None:
    pages = {page.stem for page in (ROOT / "docs/reference").glob("*.md")} - {"index"}

    assert pages == set(library_rooms.rooms())


def test_readme_keeps_the_two_commands_that_start_everything() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    commands = [line.strip() for line in readme.splitlines() if "python3 -m venv .venv &&" in line]

    assert commands == [
        "python3 -m venv .venv && .venv/bin/pip install -e . && .venv/bin/hotspots demo",
        "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/pytest",
    ]


def test_readme_draws_every_room_of_the_house() -> None:
    drawing = re.search(r"## The house\n\n```\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    assert drawing

    words = set(re.findall(r"\w+", drawing[1]))

    for package in ("hotspots", "geodata", "web/services", "web/commands"):
        rooms = {door.parent.name for door in (ROOT / package).glob("*/__init__.py")}
        assert rooms - words == set()


def test_hooks_before_a_commit_run_what_ci_runs() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    # `python -c` fetches the HTML checker, uv installs; a bill of materials checks nothing.
    slow = {"pip", "uv", "pytest", "mkdocs", "python", "cyclonedx-py"}

    tool = r"(?:python -m )?([\w.-]+(?: (?:check|format))?)"
    in_ci = set(re.findall(rf"\.venv/bin/{tool}", script))
    before_commit = set(re.findall(rf"entry: {tool}", hooks))

    assert {name for name in in_ci if name.split()[0] not in slow} <= before_commit
    assert set(re.findall(r"language: (\w+)", hooks)) == {"system"}


def test_extra_for_the_site_stands_in_the_project_file() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    named = " ".join(project["optional-dependencies"]["docs"])

    assert "mkdocs-material" in named
    assert "mkdocstrings[python]" in named
