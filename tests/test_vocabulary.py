"""A name is the noun of what it holds: of five words that say nothing of it none is a name."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = ("hotspots", "geodata", "web", "tests")
VAGUE = frozenset({"found", "told", "said", "asked", "whole"})
NAMED = re.compile(rf"\b_?(?:{'|'.join(sorted(VAGUE))})(?: *[=:,)(]| in )")
"""Where one of them may be bound; prose too. Only such files are parsed."""


def names_given(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The line and name of each variable, argument, attribute, function, class and alias."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name
            case ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.alias(asname=str(name)) | ast.ExceptHandler(name=str(name)):
                yield node.lineno, name


def vague_names(path: Path) -> list[str]:
    text = path.read_text("utf-8")
    if not NAMED.search(text):
        return []
    return [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for line, name in names_given(ast.parse(text))
        if name.lstrip("_") in VAGUE
    ]


def test_each_way_of_giving_a_name_is_seen() -> None:
    code = (
        "a, (b, *c) = d.e = 1\n"
        "for f in (g := []): pass\n"
        "def h(i, *j, k=0, **l): pass\n"
        "class M:\n    n: int\n"
        "import o as p\n"
        "try: pass\nexcept E as q: pass\n"
        "with r() as s: [t for t in u]\n"
    )
    assert {name for _, name in names_given(ast.parse(code))} == set("abcefghijklMnpqst")


def test_no_variable_argument_function_or_class_has_a_vague_name() -> None:
    files = (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))
    assert [line for path in files for line in vague_names(path)] == []
