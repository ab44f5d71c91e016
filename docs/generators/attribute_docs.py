"""The strings below attributes of classes, which Python itself forgets."""

import ast
import inspect
from itertools import pairwise
from types import ModuleType


def attribute_docs(module: ModuleType) -> dict[str, dict[str, str]]:
    """Class → attribute → the string below it."""
    return {
        node.name: dict(_below(node))
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.ClassDef)
    }


def _below(node: ast.ClassDef) -> list[tuple[str, str]]:
    return [
        (first.target.id, " ".join(second.value.value.split()))
        for first, second in pairwise(node.body)
        if isinstance(first, ast.AnnAssign)
        and isinstance(first.target, ast.Name)
        and isinstance(second, ast.Expr)
        and isinstance(second.value, ast.Constant)
        and isinstance(second.value.value, str)
    ]
