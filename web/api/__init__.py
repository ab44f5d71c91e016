"""What other systems read and send: JSON, Open311, OGC API - Features, tables.

Each request proves itself by a key, never by a browser's session. Imports the use cases in
`web.services`. Start with `operations`: a route, its description and its checks stand together.
"""

from flask import Flask

from web import errors
from web.api import changes, description, published, record, reports, tables, work
from web.api.blueprint import api
from web.api.faults import FaultError, answer_fault, as_problem
from web.api.ogc import ogc
from web.api.open311 import as_open311, open311
from web.extensions import csrf

__all__ = ["changes", "description", "published", "record", "register", "reports", "tables", "work"]


def register(app: Flask) -> None:
    """Hang the addresses on an application, with errors in their own formats."""
    for blueprint in (api, ogc, open311):
        csrf.exempt(blueprint)  # no cookie proves anything here
        app.register_blueprint(blueprint)
    errors.speak(app, "/api", as_problem)
    errors.speak(app, "/ogc", as_problem)
    errors.speak(app, "/open311/", as_open311)
    app.register_error_handler(FaultError, answer_fault)
