"""Keys of a test's own, and clients that bear them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geodata.accounts import api_keys
from geodata.core.vocabulary import Scope
from geodata.store.engine import Store

MakeKey = Callable[..., str]


@pytest.fixture
def make_key(council: Store) -> MakeKey:
    """A key with these scopes; more by name."""

    def make(*scopes: Scope, **terms: object) -> str:
        now = datetime.now(UTC)
        defaults = {
            "contractor": None,
            "per_minute": 1_000,
            "ends_at": now + timedelta(days=30),
            "user_id": None,
            "now": now,
        }
        with council.writing() as session:
            token, _ = api_keys.add(session, "A test", scopes, **defaults | terms)
        return token

    return make


@pytest.fixture
def keyed(app: Flask, make_key: MakeKey) -> Callable[..., FlaskClient]:
    """A client that bears a key with these scopes."""

    def client(*scopes: Scope, **terms: object) -> FlaskClient:
        made = app.test_client()
        made.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {make_key(*scopes, **terms)}"
        return made

    return client
