"""Errors as pages: one table from what happened to what a person reads.

Addresses that other systems use answer in their own format: see ``speak``.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, PendingRollbackError
from werkzeug.exceptions import BadHost, HTTPException

from geodata.core.errors import (
    BusyStoreError,
    KeyReusedError,
    NotFoundError,
    RefusedError,
    UnreachableStoreError,
)
from geodata.store.faults import explanation
from web.database import close_session, store
from web.filters import sentence
from web.server.request_bounds import ControlCharacterError
from web.services.common.speaking import N_
from web.services.common.speaking import gettext as _


@dataclass(frozen=True)
class ErrorPage:
    status: int
    title: str
    text: str


PAGES = {
    page.status: page
    for page in (
        ErrorPage(
            400,
            N_("We could not read what was sent"),
            N_("Go back, reload the page and send it again. Nothing was changed."),
        ),
        ErrorPage(
            403,
            N_("You cannot see this page"),
            N_("Your account does not have the permission. Ask the person who manages accounts."),
        ),
        ErrorPage(
            404,
            N_("Page not found"),
            N_("Check the address. If you followed a link, the page may have been removed."),
        ),
        ErrorPage(
            405,
            N_("Page not found"),
            N_("This address answers to a form only. Go back to the form and send it again."),
        ),
        ErrorPage(
            409,
            N_("This could not be done"),
            N_("Something changed in the meantime. Go back, reload the page and look again."),
        ),
        ErrorPage(
            413,
            N_("The file is too big"),
            N_("Send fewer or smaller photos: all together they may have up to 60 MB."),
        ),
        ErrorPage(
            429,
            N_("Too many tries"),
            N_("Wait a minute and try again. Nothing that was sent before is lost."),
        ),
        ErrorPage(
            500,
            N_("Something went wrong here"),
            N_("It was our fault and has been recorded. Try again in a few minutes."),
        ),
        ErrorPage(
            503,
            N_("The service is not available"),
            N_("Its store does not answer. Try again in a few minutes."),
        ),
    )
}
BUSY = ErrorPage(
    503,
    N_("The service is busy"),
    N_("Others are storing changes, and it took too long. Nothing of yours was changed."),
)
MACHINE_TEXTS = {  # where a page speaks of buttons and links
    page.status: page
    for page in (
        ErrorPage(
            400,
            "The request could not be read",
            "Correct it and send it again. Nothing was changed.",
        ),
        ErrorPage(
            404,
            "There is nothing at this address",
            "Check the address against the description, /api/openapi.json or /ogc/openapi.json.",
        ),
        ErrorPage(
            405,
            "This address does not take this method",
            "Use one of the methods of the header Allow.",
        ),
        ErrorPage(
            413,
            "The request is too big",
            "Send fewer or smaller photos: all together may have up to 60 MB.",
        ),
        ErrorPage(
            415,
            "This kind of content is not taken",
            "Send a kind that the description at /api/openapi.json names.",
        ),
        ErrorPage(
            422,
            "This key was used for something else",
            "Send another thing under a key of its own.",
        ),
    )
}
RETRY_AFTER_S = 5
MACHINES = "errors_for_machines"
MachineAnswer = Callable[[int, str, str], Response]
"""From status, title and a sentence that says what to do."""
STATUS_OF = {
    NotFoundError: 404,
    KeyReusedError: 422,
    RefusedError: 409,
    UnreachableStoreError: 503,
}
"""The first that an error is of."""


def register(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _expired_form)
    app.register_error_handler(ControlCharacterError, _control_character)
    for error_type in STATUS_OF:
        app.register_error_handler(error_type, _known_error)
    app.register_error_handler(DBAPIError, _database_error)
    app.register_error_handler(PendingRollbackError, _database_error)
    app.register_error_handler(Exception, _unknown_error)


def speak(app: Flask, prefix: str, answer: MachineAnswer) -> None:
    """Let every error below an address be answered in a format for machines."""
    app.extensions.setdefault(MACHINES, {})[prefix] = answer


def machine_format() -> MachineAnswer | None:
    """The format of this request's address; None: pages."""
    formats: dict[str, MachineAnswer] = current_app.extensions.get(MACHINES, {})
    return next((formats[each] for each in formats if request.path.startswith(each)), None)


def render(status: int, detail: str = "") -> ResponseReturnValue:
    """The page of a status; ``detail`` is a sentence that says more."""
    page = PAGES.get(status, PAGES[500])
    if answer := machine_format():
        page = MACHINE_TEXTS.get(status, page)
        return answer(status, page.title, detail or page.text)
    return render_template("error.html", page=page, detail=detail), status


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response
    if isinstance(error, BadHost):  # a page cannot be written: its links begin with the host
        return Response(
            "The request names no host: send one in Host.\n", 400, mimetype="text/plain"
        )
    if answer := machine_format():
        return _for_machine(answer, error)
    return render(error.code or 500)


def _for_machine(answer: MachineAnswer, error: HTTPException) -> Response:
    """With the headers that belong to the status, such as ``Allow`` to 405."""
    page = MACHINE_TEXTS.get(error.code or 500) or PAGES.get(error.code or 500, PAGES[500])
    response = answer(error.code or 500, page.title, page.text)
    for name, value in error.get_headers():
        if name != "Content-Type":
            response.headers[name] = value
    return response


def _expired_form(error: CSRFError) -> ResponseReturnValue:
    return render(400, _("The form was open for too long, or cookies are turned off."))


def _control_character(error: ControlCharacterError) -> ResponseReturnValue:
    return render(400, error.description or "")


def _known_error(error: Exception) -> ResponseReturnValue:
    status = next(code for kind, code in STATUS_OF.items() if isinstance(error, kind))
    if status == 503:
        current_app.logger.error("store unreachable at %s: %s", request.endpoint, error)
        return _try_again(error)
    return render(status, sentence(error))


def _database_error(error: DBAPIError | PendingRollbackError) -> ResponseReturnValue:
    """What broke off while a page read: the store's use cases explain their own."""
    close_session()  # it broke with the connection; the page of the error reads too
    known = explanation(error, store().engine.url)
    return (
        _known_error(known) if isinstance(known, UnreachableStoreError) else _unknown_error(error)
    )


def _try_again(error: Exception) -> ResponseReturnValue:
    """What was entered goes back to the browser, to be sent once more with one button."""
    page = BUSY if isinstance(error, BusyStoreError) else PAGES[503]
    if answer := machine_format():
        response = answer(503, page.title, page.text)
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
        return response
    entered = list(request.form.items(multi=True)) if request.method == "POST" else []
    # A password is not written into a page, and the browser will not send a file again by itself.
    is_whole = not request.files and not any("password" in name for name, _ in entered)
    html = render_template("error.html", page=page, entered=entered if is_whole else [])
    return html, 503, {"Retry-After": str(RETRY_AFTER_S)}


def _unknown_error(_: Exception) -> ResponseReturnValue:
    # The address only: a query or a form may hold personal data.
    current_app.logger.exception("failed at %s %s", request.method, request.endpoint)
    return render(500)
