"""The server behind ``hotspots serve``: waitress, with a thread kept free for the monitor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import waitress
from waitress.task import ThreadedTaskDispatcher

from web.server.request_bounds import MAX_BODY_BYTES

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

THREADS = 8
CONNECTIONS = 1000
"""A proxy may hold one open for every visitor; waitress's own 100 would let the rest wait."""
HEALTH = "/health"


class Dispatcher(ThreadedTaskDispatcher):  # type: ignore[misc]
    """Hands out work to threads; questions of health have one that nothing else may take."""

    def __init__(self, threads: int = THREADS) -> None:
        super().__init__()
        self._reserved = ThreadedTaskDispatcher()
        self._reserved.set_thread_count(1)
        self.set_thread_count(threads)

    def add_task(self, task: Any) -> None:
        """Queue a request (a ``waitress.channel.HTTPChannel``)."""
        # A request that cannot be read has no path; waitress answers it with 400.
        path = getattr(task.requests[0], "path", "") if task.requests else ""
        if path.endswith(HEALTH) or HEALTH + "/" in path:  # of a site below a path too
            self._reserved.add_task(task)
        else:
            super().add_task(task)

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        """End all threads, as waitress does when the server closes."""
        self._reserved.shutdown(cancel_pending, timeout)
        return bool(super().shutdown(cancel_pending, timeout))


def make_server(app: WSGIApplication, host: str, port: int) -> Any:
    """A server that listens already and answers once it ``run``s.

    Raises
    ------
    OSError
        The address cannot be listened on.
    """
    return waitress.create_server(
        app,
        _dispatcher=Dispatcher(),
        host=host,
        port=port,
        ident=None,
        connection_limit=CONNECTIONS,
        asyncore_use_poll=True,  # select() ends at file 1,024
        # Not waitress but `TrustedProxies` says which proxies' headers count, under gunicorn too.
        clear_untrusted_proxy_headers=False,
        max_request_body_size=2 * MAX_BODY_BYTES,  # beyond: refused unread
    )
