"""A server that is started anew at once after it is killed: imports are paid for once.

    python killable_server.py DATABASE_URL PORT

Each line on standard input starts a server; its process id is the answer.
"""

import os
import sys

import waitress
from flask import Flask

from geodata.store.engine import open_store
from tests.signing_key import SIGNING_KEY
from tests.web import reporting
from web.application import create_app
from web.config import Config


def warm_app(url: str) -> Flask:
    """The application with its templates compiled, and no connection that a child would share."""
    store = open_store(url)
    app = create_app(Config(secret_key=SIGNING_KEY, insecure_cookies=True), store=store)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    reporting.fill(client, reporting.begin(client))
    app.config["WTF_CSRF_ENABLED"] = True
    store.engine.dispose()
    return app


def main() -> None:
    url, port = sys.argv[1], int(sys.argv[2])
    app = warm_app(url)
    child = 0
    for _ in sys.stdin:
        if child:
            os.waitpid(child, 0)  # until then the killed one holds the port
        child = os.fork()
        if child == 0:
            waitress.serve(app, host="127.0.0.1", port=port, threads=16)
        print(child, flush=True)


if __name__ == "__main__":
    main()
