"""The page "Background work": what is done without anybody asking, and what is late."""

from flask import render_template
from flask.typing import ResponseReturnValue

from web.admin.blueprint import admin
from web.auth import requires_role
from web.clock import utc_now
from web.database import read_session, store
from web.services.alerts import watching


@admin.get("/background")
@requires_role("manager")
def background() -> ResponseReturnValue:
    look = watching.look(read_session(), now=utc_now(), backs_up=store().is_embedded)
    return render_template("admin/background.html", look=look, backs_up=store().is_embedded)
