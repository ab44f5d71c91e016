"""Pages that are one form."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm


def form_page(form: FlaskForm, heading: str, *, back: str, lead: str = "") -> ResponseReturnValue:
    """A page that is one form; 400 where it holds faults."""
    page = render_template(
        "hotspot_desk/form_page.html", form=form, heading=heading, back=back, lead=lead
    )
    return page, 400 if form.errors else 200
