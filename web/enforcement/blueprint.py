"""The blueprint, and who may enter."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Blueprint, abort
from flask_login import current_user

from web.auth import requires_role
from web.enforcement import words

P = ParamSpec("P")
R = TypeVar("R")

enforcement = Blueprint("enforcement", __name__, url_prefix="/enforcement")
words.register(enforcement)


def enforcers_only(view: Callable[P, R]) -> Callable[P, R]:
    """Let in officers and managers who have the permission; no role brings it along."""

    @requires_role("officer", "manager")
    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        if not current_user.account.may_read_enforcement:
            abort(403)
        return view(*args, **kwargs)

    return wrapped
