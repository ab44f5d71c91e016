"""What a form says where a password or a code is refused."""

from collections.abc import Callable

from wtforms import Field

from geodata.accounts.sign_in_tries import ThrottledError
from geodata.core.errors import RefusedError
from web.database import close_session
from web.filters import sentence


def status_of(field: Field, act: Callable[[], object]) -> int:
    """Do what may be refused: 200, or 400 or 429 with the reason at the field."""
    close_session()  # the work that follows is slow on purpose, and begins with a look of its own
    try:
        act()
    except RefusedError as error:
        field.errors = [sentence(error)]
        return 429 if isinstance(error, ThrottledError) else 400
    return 200
