"""Flask's environment of templates, in which one template is quickly imported by another."""

from collections import ChainMap
from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment


class _Globals(ChainMap[str, Any]):
    """Jinja's; its names are a set, which is not asked for one name after the other."""

    def keys(self) -> set[str]:  # type: ignore[override]
        return set().union(*self.maps)


class TemplateEnvironment(Environment):
    """A page imports macros thirty times, and each time Jinja compares the globals of the two."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return _Globals({} if d is None else d, self.globals)
