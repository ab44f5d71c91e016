"""A server that is started anew at once after it is killed: imports are paid for once.

    python killable_server.py DATABASE_URL PORT

Each line on standard input starts a server; its process id is the answer.
"""

import contextlib
import os
import sys

import waitress

from geodata.engine import open_store
from web.application import create_app
from web.config import Config


def serve(url: str, port: int) -> None:
    config = Config(secret_key="k" * 40, insecure_cookies=True)
    app = create_app(config, store=open_store(url))
    waitress.serve(app, host="127.0.0.1", port=port, threads=16)


def main() -> None:
    url, port = sys.argv[1], int(sys.argv[2])
    for _ in sys.stdin:
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        child = os.fork()
        if child == 0:
            serve(url, port)
            os._exit(0)
        print(child, flush=True)


if __name__ == "__main__":
    main()
