"""One route with its description: what it takes, what it gives, who may.

What is described is what is checked: a request is read by the same models that the description at
``/api/openapi.json`` is made of, and an answer is built by its own.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from typing import Annotated, Any, TypeVar

from flask import Response, g, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from geodata.accounts.api_keys import Holder
from geodata.core.vocabulary import Scope
from web.api.blueprint import api
from web.api.faults import Fault, FaultError
from web.api.keyed import bearer, let_in

IDEMPOTENCY_KEY = "Idempotency-Key"
SHORTEST_KEY, LONGEST_KEY = 8, 200
NULL_LETTER = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")
"""As JSON writes it, with the escaped backslashes before it: PostgreSQL's texts have none."""


class Incoming(BaseModel):
    """Parameters of an address, or a body: a name that is not there is a fault, not nothing."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, use_enum_values=True)


class KeyQuery(Incoming):
    """Of an address that may bear its key, for programs that send no header."""

    key: Annotated[
        str | None, Field(max_length=200, description="The key, where no header can be sent")
    ] = None


class Outgoing(BaseModel):
    """An answer. Its schema describes what stands in it."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


@dataclass(frozen=True)
class Operation:
    """What a route takes and gives.

    Attributes
    ----------
    scope
        What its key must open; None: it needs no key.
    query, body
        Models of the address's parameters and of what is sent.
    answer
        Of the answer, with ``status``; None: its own media type, with ``media``.
    takes_photos
        Whether the body may come in a part ``data`` beside files ``photos``.
    takes_key_in_address
        Whether the key may stand in the address: a spreadsheet can send no header.
    may_find_nothing, may_refuse
        Whether it answers 404, and 409.
    media
        Of an answer without a model: one kind of several.
    """

    summary: str
    answer: type[BaseModel] | None
    scope: Scope | None = None
    query: type[Incoming] | None = None
    body: type[Incoming] | None = None
    status: int = 200
    takes_photos: bool = False
    may_find_nothing: bool = False
    may_refuse: bool = False
    media: tuple[str, ...] = ("application/json",)
    takes_key_in_address: bool = False


T = TypeVar("T", bound=BaseModel)


def operation(
    rule: str, described: Operation, method: str = "GET"
) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """Hang a function on an address of the interface.

    It gets the address's own parts, and ``query`` and ``body`` where it has such; it returns a
    model, or a response of its own.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Response]:
        @wraps(view)
        def wrapped(**parts: Any) -> Response:
            token = bearer()
            if described.takes_key_in_address:
                token = token or request.args.get("key", "")
            g.api_key = let_in(described.scope, token)
            if described.query is not None:
                parts["query"] = read_query(described.query)
            elif request.args:
                raise unknown(list(request.args))
            if described.body is not None:
                parts["body"] = read_body(described.body, takes_photos=described.takes_photos)
            answer = view(**parts)
            return answer if isinstance(answer, Response) else as_json(answer, described.status)

        wrapped.operation = described  # type: ignore[attr-defined]
        api.add_url_rule(rule, view.__name__, wrapped, methods=[method], strict_slashes=False)
        return wrapped

    return decorate


def holder() -> Holder:
    """Whose key this request bears."""
    bearing: Holder = g.api_key
    return bearing


def as_json(answer: BaseModel, status: int = 200) -> Response:
    """A model as JSON."""
    return Response(answer.model_dump_json(), status, mimetype="application/json")


def read_query(model: type[T]) -> T:
    """The address's parameters.

    Raises
    ------
    FaultError
        One is unknown, twice there or cannot be read.
    """
    twice = [name for name, values in request.args.lists() if len(values) > 1]
    if twice:
        raise faulty([Fault(f"query.{name}", "it stands there twice: keep one") for name in twice])
    return _read(model, "query", lambda: model.model_validate(request.args.to_dict()))


def read_body(model: type[T], *, takes_photos: bool) -> T:
    """What was sent: JSON, or a part ``data`` of JSON beside photos.

    Raises
    ------
    FaultError
        It is neither, or something in it cannot be read.
    """
    if takes_photos and request.mimetype == "multipart/form-data":
        text = request.form.get("data", "").encode()
    elif request.mimetype == "application/json":
        text = request.get_data()
    else:
        kinds = "application/json" + " or multipart/form-data" * takes_photos
        raise FaultError(
            415,
            "This kind of content is not taken",
            f"It came as {request.mimetype or 'nothing'}: send it as {kinds}.",
        )
    return _read(model, "body", lambda: model.model_validate_json(NULL_LETTER.sub(rb"\1", text)))


def idempotency_key() -> str:
    """What makes the same request, sent twice, one: the header, made this key's own.

    Raises
    ------
    FaultError
        It is missing, too short or too long.
    """
    sent = request.headers.get(IDEMPOTENCY_KEY, "").strip()
    if SHORTEST_KEY <= len(sent) <= LONGEST_KEY:
        return sent
    fault = f"it has {len(sent)} characters: send {SHORTEST_KEY} to {LONGEST_KEY} random ones"
    raise FaultError(
        400,
        f"The header {IDEMPOTENCY_KEY} is missing or of the wrong length",
        "Make one for each thing that you tell, and send the same again where you got no answer: "
        "then it is stored once.",
        [Fault(f"header.{IDEMPOTENCY_KEY}", fault)],
    )


def sent_content(body: BaseModel) -> bytes:
    """What a request says and shows, to know it again: where to, its body, its photos."""
    files = request.files.getlist("photos")
    digests = [sha256(file.read()).digest() for file in files]
    for file in files:
        file.seek(0)
    body_json = body.model_dump_json(exclude_defaults=True)
    return b"\n".join([request.path.encode(), body_json.encode(), *digests])


def _read(model: type[T], where: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except ValidationError as error:
        raise faulty([_fault(where, each) for each in error.errors(include_url=False)]) from None


def _fault(where: str, error: Any) -> Fault:
    path = ".".join([where, *map(str, error["loc"])])
    if error["type"] == "extra_forbidden":
        return Fault(path, "there is no such name: leave it out")
    given = error.get("input")
    shown = f" (given: {str(given)[:60]!r})" if isinstance(given, str | int | float) else ""
    return Fault(path, f"{error['msg']}{shown}")


def faulty(faults: list[Fault]) -> FaultError:
    """The refusal of a request in which something cannot be read."""
    return FaultError(
        400,
        "The request could not be read",
        "Correct what stands under faults and send it again. Nothing was stored.",
        faults,
    )


def unknown(names: list[str]) -> FaultError:
    """The refusal of parameters that an address does not have."""
    return faulty([Fault(f"query.{each}", "there is no such name: leave it out") for each in names])
