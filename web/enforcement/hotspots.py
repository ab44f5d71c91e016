"""The actions at one hotspot, where its page leads those who may read enforcement data."""

from flask import g, render_template
from flask.typing import ResponseReturnValue

from web.auth import actor
from web.database import commits
from web.enforcement.blueprint import enforcement, enforcers_only
from web.services.enforcement.hotspot_actions import actions_at


@enforcement.get("/hotspots/<code>")
@enforcers_only
@commits
def hotspot_actions(code: str) -> ResponseReturnValue:
    acts = actions_at(g.session, code, actor())
    return render_template("enforcement/hotspot.html", acts=acts)
