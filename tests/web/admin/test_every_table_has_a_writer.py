"""Whatever the program reads, a person with the right role can write: found in the code itself.

From the pages' routes and the commands, functions are followed as Python resolves their names: by
what each module defines and imports. So a table whose rows only the demo and the tests make is
found, also where some other function bears the same name as its writer.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from geodata.models import Base
from geodata.rules.tables import packaged

ROOT = Path(__file__).parents[3]
NOT_A_PERSONS = ("geodata/demo/", "geodata/migrations/", "geodata/models/", "demonstration.py")
DOORS = {"get", "post", "route", "command"}
"""Decorators of what a person opens, sends or types."""


@dataclass
class Module:
    """What a module defines by name, and where the names that it imports come from."""

    name: str
    units: dict[str, list[ast.AST]] = field(default_factory=dict)
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _is_entry(node: ast.AST) -> bool:
    decorators = getattr(node, "decorator_list", [])
    calls = [each.func if isinstance(each, ast.Call) else each for each in decorators]
    return bool({_name(each) for each in calls} & DOORS)


@cache
def modules() -> dict[str, Module]:
    """Every module of the product but the demo's, by its dotted name."""
    paths = [path for root in ("geodata", "web") for path in sorted((ROOT / root).rglob("*.py"))]
    persons = [p for p in paths if not any(part in p.as_posix() for part in NOT_A_PERSONS)]
    read = [_module(path) for path in persons]
    return {module.name: module for module in read}


def _module(path: Path) -> Module:
    parts = path.relative_to(ROOT).with_suffix("").parts
    module = Module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    tree = ast.parse(path.read_text("utf-8"))
    for node in tree.body:
        for name in _defined(node):
            module.units.setdefault(name, []).append(node)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                module.imports[alias.asname or alias.name] = (node.module, alias.name)
    return module


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [_name(target) for target in node.targets]
    return [_name(node.target)] if isinstance(node, ast.AnnAssign) else []


Unit = tuple[str, str]
"""A module, and what it defines; an empty name is the module itself."""


def resolved(module: str, name: str) -> Unit | None:
    """Where a name of a module is defined; None outside the product."""
    here = modules().get(module)
    if here is None:
        return None
    if name in here.units:
        return module, name
    if here.imports.get(name, (module, name)) != (module, name):
        source, original = here.imports[name]
        return resolved(source, original)
    inner = f"{module}.{name}"
    return (inner, "") if inner in modules() else None


def _named(module: str, node: ast.AST) -> Iterator[Unit]:
    """What a piece of code names; all modules of a package that it imports by a made-up name."""
    for each in ast.walk(node):
        unit = None
        if isinstance(each, ast.Name):
            unit = resolved(module, each.id)
        elif isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
            owner = resolved(module, each.value.id)
            unit = resolved(owner[0], each.attr) if owner and not owner[1] else None
        if unit is not None:
            yield unit
        if isinstance(each, ast.Call) and _name(each.func) == "import_module":
            inside = [name for name in modules() if name.startswith(f"{module}.")]
            yield from ((name, unit) for name in inside for unit in modules()[name].units)


@cache
def made() -> frozenset[str]:
    """The classes that whatever pages and commands come to makes or inserts."""
    waiting = [
        (name, unit)
        for name, module in modules().items()
        for unit, nodes in module.units.items()
        if any(map(_is_entry, nodes))
    ]
    seen, names = set(waiting), set[str]()
    while waiting:
        name, unit = waiting.pop()
        for node in modules()[name].units.get(unit, []):
            names |= set(_made(node))
            fresh = set(_named(name, node)) - seen
            seen |= fresh
            waiting += sorted(fresh)
    return frozenset(names)


def _made(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            yield _name(each.func)
            if _name(each.func) in {"insert", "Kind"}:
                yield from map(_name, each.args)


def test_a_name_is_followed_to_where_it_is_defined() -> None:
    """Two modules define ``add_row``: the page's is not the rules' own."""
    rules = "web.services.settings.rule_tables"
    assert resolved("web.admin.rules", "rule_tables") == (rules, "")
    assert resolved(rules, "add_row") == (rules, "add_row")
    assert resolved("geodata.rules.council", "add_row") == ("geodata.rules.council", "add_row")
    assert resolved("web.services", "enforcement") == ("web.services.enforcement", "")


@pytest.mark.parametrize("model", sorted(each.class_.__name__ for each in Base.registry.mappers))
def test_rows_of_every_table_come_from_a_page_or_a_command(model: str) -> None:
    assert model in made(), f"nobody can write a {model}"


def _read_tables() -> set[str]:
    """Names of rule tables that the code asks for."""
    names = set()
    for package in ("geodata", "web"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Subscript) and _name(node.value) in {"rules", "book"}:
                    names |= _texts(node.slice)
                if isinstance(node, ast.Call) and _name(node.func) == "standing":
                    names |= _table_constant(path) if len(node.args) == 2 else set()
    return names


def _texts(node: ast.AST) -> set[str]:
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def _table_constant(path: Path) -> set[str]:
    """What a module calls its TABLE."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and _name(node.targets[0]) == "TABLE":
            return _texts(node.value)
    return set()


def test_every_rule_table_that_is_read_has_a_form() -> None:
    """And takes a row of it: ``test_every_table_takes_a_row_through_its_page``."""
    names = _read_tables()
    assert {"service_level", "working_days", "powers"} <= names
    assert names <= set(packaged().tables)


def test_every_setting_that_is_read_is_written_by_a_page_or_command() -> None:
    """By the name of the constant, or the text, that the two calls share."""
    read, written = set(), set()
    for package in ("geodata", "web"):
        for path in sorted((ROOT / package).rglob("*.py")):
            is_persons = not any(part in path.as_posix() for part in NOT_A_PERSONS)
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    if _name(node.func.value) != "settings" or len(node.args) < 2:
                        continue
                    if node.func.attr == "read":
                        read.add(ast.unparse(node.args[1]).rpartition(".")[2])
                    elif node.func.attr == "write" and is_persons:
                        written.add(ast.unparse(node.args[1]).rpartition(".")[2])
    by_form = _settings_of_the_form()
    only_the_demos = {"IS_DEMO"}  # the mark of synthetic data: nobody is to give it to a store
    assert read - written - by_form - only_the_demos == set()


def _settings_of_the_form() -> set[str]:
    """Constants that the page Settings writes in a loop, and the contacts."""
    path = ROOT / "web/services/settings/council_settings.py"
    tree = ast.parse(path.read_text("utf-8"))
    (record,) = (n for n in tree.body if getattr(n, "name", "") == "as_record")
    keys = {key for n in ast.walk(record) if isinstance(n, ast.Dict) for key in n.keys}
    return {ast.unparse(key).rpartition(".")[2] for key in keys if key} | {"name"}
