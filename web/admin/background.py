"""The page "Background work": what is done without anybody asking, and what is late."""

from flask import render_template
from flask.typing import ResponseReturnValue

from web.admin.blueprint import admin
from web.auth import requires_role
from web.clock import utc_now
from web.database import read_session, store
from web.server.senders import sender
from web.services.alerts import watching
from web.services.mail import text_messages


@admin.get("/background")
@requires_role("manager")
def background() -> ResponseReturnValue:
    session, backs_up = read_session(), store().is_embedded
    return render_template(
        "admin/background.html",
        look=watching.look(session, now=utc_now(), backs_up=backs_up),
        texts=text_messages.standing(session, sender()),
        backs_up=backs_up,
    )
