"""No browser and no proxy keeps what a signed-in person was sent, whatever its type."""

from collections import Counter

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from geodata.store.engine import Store
from web.server.security import SAME_FOR_ALL


def addresses(app: Flask) -> list[str]:
    """An address of every route that can be looked at; rows that are not there answer 404."""
    adapter = app.url_map.bind("localhost")
    return [
        adapter.build(rule.endpoint, {name: example(rule, name) for name in rule.arguments})
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint not in SAME_FOR_ALL
    ]


def example(rule: Rule, name: str) -> int | str:
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 1 if isinstance(converter, IntegerConverter) else "x"


@pytest.mark.parametrize("role", ["manager", "officer", "contractor"])
def test_every_answer_to_somebody_signed_in_is_stored_nowhere(
    app: Flask, council: Store, signed_in, role: str
) -> None:
    client: FlaskClient = signed_in(role)
    types: Counter[str] = Counter()
    for address in addresses(app):
        if address == "/sign-out":
            continue
        answer = client.get(address)
        if address != "/health/ready":  # not ready: no tick was
            assert answer.status_code < 500, address
        assert answer.headers["Cache-Control"] == "no-store", (address, answer.status)
        types[answer.mimetype] += answer.status_code == 200
    assert types["text/html"] >= 10
    assert types["text/javascript"] >= 1
    missing = client.get("/no-such-page")
    assert missing.headers["Cache-Control"] == "no-store"


def test_the_programs_own_files_may_be_kept(signed_in) -> None:
    with signed_in("officer").get("/static/icon.svg") as answer:
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] != "no-store"
