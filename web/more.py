"""Every page of the officers' sections, by section."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from web.auth import requires_role
from web.navigation import sections

more = Blueprint("more", __name__, url_prefix="/officer/more")


@more.get("")
@requires_role("officer", "manager")
def index() -> ResponseReturnValue:
    return render_template("more.html", sections=sections())
