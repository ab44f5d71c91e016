"""Whatever the program reads, a person with the right role can write: found in the code itself.

Functions are followed by name from the pages' routes and from the commands, so that a table whose
rows only the demo and the tests make is found.
"""

import ast
from functools import cache
from pathlib import Path

import pytest

from geodata.models import Base
from geodata.rules.tables import packaged

ROOT = Path(__file__).parents[3]
NOT_A_PERSONS = ("geodata/demo/", "geodata/migrations/", "geodata/models/", "demonstration.py")
WRITERS = {"insert", "add", "add_all"}


class Function:
    """A function or the body of a module: what it names, makes and writes."""

    def __init__(self, name: str, node: ast.AST, *, is_entry: bool) -> None:
        self.name, self.is_entry = name, is_entry
        self.named, self.made = set[str](), set[str]()
        for each in ast.walk(node):
            if isinstance(each, ast.Name | ast.Attribute):
                self.named.add(_name(each))
            elif isinstance(each, ast.Call):
                self.made.add(_name(each.func))
                if _name(each.func) in {"insert", "Kind"}:
                    self.made.update(map(_name, each.args))


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _is_entry(node: ast.FunctionDef) -> bool:
    calls = [each.func if isinstance(each, ast.Call) else each for each in node.decorator_list]
    return bool({_name(each) for each in calls} & {"get", "post", "route", "command"})


@cache
def functions() -> list[Function]:
    """Every function of the product but the demo's; a class and a module's body count as one."""
    all_functions = []
    for package in ("geodata", "web"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if any(part in path.as_posix() for part in NOT_A_PERSONS):
                continue
            for node in ast.parse(path.read_text("utf-8")).body:
                if isinstance(node, ast.FunctionDef):
                    all_functions.append(Function(node.name, node, is_entry=_is_entry(node)))
                elif isinstance(node, ast.ClassDef):
                    all_functions.append(Function(node.name, node, is_entry=False))
                elif isinstance(node, ast.Assign):
                    all_functions.append(Function(_name(node.targets[0]), node, is_entry=False))
    return all_functions


@cache
def reached() -> list[Function]:
    """What pages and commands come to, step by step by the names that they use."""
    by_name: dict[str, list[Function]] = {}
    for each in functions():
        by_name.setdefault(each.name, []).append(each)
    waiting = [each for each in functions() if each.is_entry]
    seen = set(map(id, waiting))
    done = []
    while waiting:
        done.append(waiting.pop())
        for name in sorted(done[-1].named):
            fresh = [each for each in by_name.get(name, []) if id(each) not in seen]
            seen |= set(map(id, fresh))
            waiting += fresh
    return done


@pytest.mark.parametrize("model", sorted(each.class_.__name__ for each in Base.registry.mappers))
def test_rows_of_every_table_come_from_a_page_or_a_command(model: str) -> None:
    assert any(model in each.made for each in reached()), f"nobody can write a {model}"


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
    names = _read_tables()
    assert {"service_level", "working_days", "council_amount", "powers"} - {
        "council_amount"
    } <= names
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
