"""The blueprint of Open311, and whose request it is."""

from flask import Blueprint, request

from geodata.accounts.api_keys import Holder
from geodata.core.vocabulary import Scope
from web.api.faults import FaultError
from web.api.keyed import bearer, let_in

open311 = Blueprint("open311", __name__, url_prefix="/open311/v2")


def sent_key() -> str:
    """The key: in ``api_key``, as the specification has it, or in the header."""
    return request.form.get("api_key") or request.args.get("api_key") or bearer()


def keyed(scope: Scope) -> Holder:
    """Whose request it is.

    Raises
    ------
    FaultError
        403, which is this specification's word for a key that is missing or wrong; 429.
    """
    try:
        holder = let_in(scope, sent_key())
    except FaultError as error:
        error.status = 403 if error.status == 401 else error.status
        raise
    assert holder is not None  # as a scope is asked for
    return holder


def reader() -> Holder | None:
    """Whose request it is, where it bears a key that reads; None: anybody's."""
    if not sent_key():
        let_in(None, "")
        return None
    try:
        return keyed(Scope.REPORTS_WRITE)
    except FaultError as error:
        if error.status != 403:
            raise
        return keyed(Scope.READ_OFFICER)
