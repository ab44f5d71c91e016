"""The blueprint of the report's pages, and who may see them."""

from flask import Blueprint, abort
from flask_login import current_user

from web.auth import requires_role
from web.services.partnership.comparison_table import Audience

committee = Blueprint("committee", __name__, url_prefix="/officer/committee")
officers_only = requires_role("officer", "manager")
readers = requires_role("officer", "manager", "member")
managers_only = requires_role("manager")


def check_may_read(audience: str) -> None:
    """The exempt version takes the permission to read enforcement, of every role."""
    if audience == Audience.EXEMPT and not current_user.account.may_read_enforcement:
        abort(403)


def audiences() -> frozenset[str]:
    """The versions that whoever asks may read."""
    both = frozenset(each.value for each in Audience)
    may_read = current_user.account.may_read_enforcement
    return both if may_read else both - {Audience.EXEMPT.value}
