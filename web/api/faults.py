"""What is wrong with a request, as RFC 9457 has it: what, where, and what to do."""

import json
from dataclasses import dataclass, field

from flask import Response
from flask.typing import ResponseReturnValue

from web import errors


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: ``where`` in the request, such as ``query.limit``."""

    where: str
    what: str


@dataclass(eq=False)
class FaultError(Exception):
    """A request that is refused; answered in the format of its address."""

    status: int
    title: str
    detail: str
    faults: list[Fault] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)


def as_problem(status: int, title: str, detail: str, faults: list[Fault] | None = None) -> Response:
    """``application/problem+json``."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
    }
    if faults:
        body["faults"] = [{"where": each.where, "what": each.what} for each in faults]
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, status, mimetype="application/problem+json")


def answer_fault(error: FaultError) -> ResponseReturnValue:
    """A refusal in the format of its address."""
    speak = errors.machine_format() or as_problem
    if speak is as_problem:
        response = as_problem(error.status, error.title, error.detail, error.faults)
    else:
        sentences = [f"{each.where}: {each.what}" for each in error.faults]
        response = speak(error.status, error.title, "; ".join(sentences) or error.detail)
    response.headers.update(error.headers)
    return response
