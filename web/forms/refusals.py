"""What the store refuses, said at the field of a form where it can be mended."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

from flask import g
from flask_wtf import FlaskForm
from wtforms import Field

from geodata.core.errors import RefusedError
from web.filters import sentence


@contextmanager
def refusal_at(field: Field) -> Iterator[None]:
    """Do what may be refused; a refusal ends the block and stands at the field.

    Within a request that writes, what the block wrote before it was refused is undone. A writer
    that has ended already is left alone: to begin anew would hold its lock for nobody.
    """
    writer = g.get("session")
    is_writing = writer is not None and writer.in_transaction()
    try:
        with writer.begin_nested() if is_writing else nullcontext():
            yield
    except RefusedError as error:
        field.errors = [sentence(error)]


def accepted(form: FlaskForm, field: str, change: Callable[[], object]) -> bool:
    """Whether a change is made; where it is refused, the reason stands at a field."""
    with refusal_at(form[field]):
        change()
        return True
    return False
