"""Pages that are one form, and refusals that are said at a field of it."""

from collections.abc import Callable

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from geodata.core.errors import RefusedError


def accepted(form: FlaskForm, field: str, change: Callable[[], object]) -> bool:
    """Make a change; where it is refused, say why at a field and keep what was typed."""
    try:
        change()
    except RefusedError as error:
        reason = str(error)
        form[field].errors = [reason[:1].upper() + reason[1:]]
        return False
    return True


def form_page(form: FlaskForm, heading: str, *, back: str, lead: str = "") -> ResponseReturnValue:
    """A page that is one form; 400 where it holds faults."""
    page = render_template(
        "hotspot_desk/form_page.html", form=form, heading=heading, back=back, lead=lead
    )
    return page, 400 if form.errors else 200
