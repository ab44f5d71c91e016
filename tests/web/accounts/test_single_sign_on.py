"""Single sign-on against a real provider on loopback, and against tokens that no provider made."""

import base64
import hmac
import time
import warnings
from collections.abc import Iterator
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.test import TestResponse

from geodata.accounts import users
from geodata.accounts.account import Account
from geodata.accounts.rights import Rights
from geodata.people import audit
from geodata.store.engine import Store
from tests.passwords import hashed
from tests.signing_key import SIGNING_KEY
from tests.web.conftest import PASSWORD
from web.application import create_app
from web.clock import utc_now
from web.config import Config, ConfigError
from web.services.accounts import identity_provider
from web.services.accounts.identity_provider import Provider, ProviderError, identity_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the provider imports a part of authlib that is deprecated
    from oidc_provider_mock import User, run_server_in_thread

# The provider's own, of how it calls authlib.
pytestmark = pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")
DESK = "/officer/hotspots"
ROLES = "Canister officers=officer, Canister managers=manager"
CALLBACK = "http://localhost/sign-in/sso/callback"
PEOPLE = (
    User(sub="ann", claims={"groups": ["Canister officers"], "preferred_username": "ann.lee"}),
    User(sub="mel", claims={"groups": ["Canister officers", "Canister managers"]}),
    User(sub="out", claims={"groups": ["Parking"], "preferred_username": "out"}),
    User(sub="none", claims={"preferred_username": "none"}),
    User(sub="eve", claims={"email": "jo@example.org", "groups": ["Canister officers"]}),
    User(
        sub="jo",
        claims={
            "email": "Jo@example.org",
            "email_verified": True,
            "groups": ["Canister officers"],
        },
    ),
)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with run_server_in_thread(user_claims=PEOPLE) as server:
            yield f"http://localhost:{server.server_port}"


@pytest.fixture
def sso(council: Store, issuer: str) -> Flask:
    return make(council, issuer)


def make(store: Store, issuer: str, **settings: Any) -> Flask:
    given = {
        "sso_issuer": issuer,
        "sso_client_id": "canisters",
        "sso_client_secret": "of the provider",
        "sso_roles": ROLES,
        "sso_creates_accounts": True,
    }
    config = Config(secret_key=SIGNING_KEY, insecure_cookies=True, **given | settings)
    app = create_app(config, store=store)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


def answer_of_provider(client: FlaskClient, sub: str, wanted: str = "") -> str:
    """Ask, sign in at the provider, and give the address that it sends the browser to."""
    question = client.get("/sign-in/sso", query_string={"next": wanted} if wanted else {})
    assert question.status_code == 302, question.text
    given = requests.post(question.location, data={"sub": sub}, allow_redirects=False, timeout=10)
    return str(given.headers["Location"])


def come_back(client: FlaskClient, address: str, **changed: str) -> TestResponse:
    parts = urlsplit(address)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | changed
    return client.get(parts.path, query_string=query)


def sign_in(client: FlaskClient, sub: str, wanted: str = "") -> TestResponse:
    return come_back(client, answer_of_provider(client, sub, wanted))


def named(store: Store, name: str) -> Account:
    with store.reading() as session:
        return users.find(session, name)


def test_the_groups_of_the_provider_give_the_role(sso: Flask, council: Store) -> None:
    client = sso.test_client()
    assert "council account" in client.get("/sign-in").text
    assert sign_in(client, "ann").location == DESK
    assert client.get(DESK).status_code == 200
    assert client.get("/admin/accounts").status_code == 403
    ann = named(council, "ann.lee")
    assert (ann.role, ann.has_password, ann.is_linked) == ("officer", False, True)
    manager = sso.test_client()
    sign_in(manager, "mel")  # of two groups, the higher role
    assert manager.get("/admin/accounts").status_code == 200


def test_a_role_that_changed_at_the_provider_changes_here(sso: Flask, council: Store) -> None:
    client = sso.test_client()
    sign_in(client, "ann")
    key = named(council, "ann.lee").id
    with council.writing() as session:
        users.set_rights(session, key, Rights("manager", False))
    assert client.get(DESK).status_code == 302  # a change of rights ends what was open
    sign_in(client, "ann")
    assert named(council, "ann.lee").role == "officer"
    with council.reading() as session:
        acts = [entry.act for entry, _ in audit.entries(session, "account", key)]
    assert acts.count("sign_in") == 2
    assert "change_rights" in acts
    assert "add_by_single_sign_on" in acts


@pytest.mark.parametrize("sub", ["out", "none"])
def test_somebody_of_no_group_is_refused_in_plain_words(
    sso: Flask, council: Store, sub: str
) -> None:
    client = sso.test_client()
    answer = sign_in(client, sub)
    assert answer.status_code == 403
    assert "You are in no group that may use this site. Ask your IT service" in answer.text
    assert client.get(DESK).status_code == 302
    with council.reading() as session:
        assert users.every(session) == []


def test_a_disabled_account_is_refused(sso: Flask, council: Store) -> None:
    client = sso.test_client()
    sign_in(client, "ann")
    with council.writing() as session:
        users.set_active(session, users.find(session, "ann.lee").id, is_active=False)
    answer = sign_in(client, "ann")
    assert answer.status_code == 403
    assert "Your account is disabled" in answer.text
    assert client.get(DESK).status_code == 302


def test_without_leave_to_make_accounts_nobody_gets_one(council: Store, issuer: str) -> None:
    answer = sign_in(make(council, issuer, sso_creates_accounts=False).test_client(), "ann")
    assert answer.status_code == 403
    assert "You have no account here yet" in answer.text


@pytest.mark.parametrize(("sub", "is_linked"), [("jo", True), ("eve", False)])
def test_only_a_verified_mail_address_leads_to_an_account_that_is_here(
    council: Store, issuer: str, sub: str, *, is_linked: bool
) -> None:
    with council.writing() as session:
        password, now = hashed(PASSWORD), utc_now()
        users.add(session, "jo", password, "officer", now=now, email="jo@example.org")
    app = make(council, issuer, sso_matches_email=True, sso_creates_accounts=False)
    assert sign_in(app.test_client(), sub).status_code == (302 if is_linked else 403)
    assert named(council, "jo").is_linked == is_linked


def test_an_account_of_a_name_that_is_taken_is_not_taken_over(sso: Flask, council: Store) -> None:
    with council.writing() as session:
        users.add(session, "Ann.Lee", hashed(PASSWORD), "admin", now=utc_now())
    answer = sign_in(sso.test_client(), "ann")
    assert answer.status_code == 403
    assert "there is a user" in answer.text
    assert not named(council, "Ann.Lee").is_linked


@pytest.mark.parametrize("state", ["another", ""])
def test_an_answer_to_another_question_is_refused(sso: Flask, state: str) -> None:
    client = sso.test_client()
    answer = come_back(client, answer_of_provider(client, "ann"), state=state)
    assert answer.status_code == 400
    assert client.get(DESK).status_code == 302


def test_an_answer_in_another_browser_signs_nobody_in(sso: Flask) -> None:
    address = answer_of_provider(sso.test_client(), "ann")
    victim = sso.test_client()
    assert come_back(victim, address).status_code == 400
    assert victim.get(DESK).status_code == 302


def test_an_answer_counts_once(sso: Flask) -> None:
    client = sso.test_client()
    address = answer_of_provider(client, "ann")
    assert come_back(client, address).status_code == 302
    client.post("/sign-out")
    assert come_back(client, address).status_code == 400


def test_a_made_up_code_and_a_refusal_sign_nobody_in(sso: Flask) -> None:
    client = sso.test_client()
    address = answer_of_provider(client, "ann")
    assert come_back(client, address, code="made-up").status_code == 503
    address = answer_of_provider(client, "ann")
    words = come_back(client, address, error="<b>access_denied</b>").text
    assert "<b>access_denied" not in words
    assert client.get(DESK).status_code == 302


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_the_provider_leads_back_to_our_own_pages_only(sso: Flask, wanted: str) -> None:
    assert sign_in(sso.test_client(), "ann", wanted).location == DESK


def test_the_page_that_was_asked_for_opens_afterwards(sso: Flask) -> None:
    assert sign_in(sso.test_client(), "ann", "/officer/weeks").location == "/officer/weeks"


def test_a_provider_that_is_away_is_said_in_words(council: Store) -> None:
    app = make(council, "http://localhost:9")  # the discard service: nobody listens there
    answer = app.test_client().get("/sign-in/sso")
    assert answer.status_code == 503
    assert "does not answer" in answer.text


def test_signing_out_leads_to_the_page_that_ends_the_providers_session(sso: Flask) -> None:
    client = sso.test_client()
    sign_in(client, "ann")
    left = client.post("/sign-out")
    assert left.location == "/signed-out"
    assert "/oauth2/end_session" in client.get(left.location).text
    assert client.get(DESK).status_code == 302


def test_a_linked_account_may_be_kept_from_passwords(council: Store, issuer: str) -> None:
    app = make(council, issuer, sso_allows_passwords=False)
    sign_in(app.test_client(), "ann")
    with council.writing() as session:
        users.set_password(session, users.find(session, "ann.lee").id, hashed(PASSWORD))
    right = {"name": "ann.lee", "password": PASSWORD}
    assert app.test_client().post("/sign-in", data=right).status_code == 400


def test_roles_that_nobody_can_read_stop_the_program(council: Store, issuer: str) -> None:
    with pytest.raises(ConfigError, match="king"):
        make(council, issuer, sso_roles="Kings=king")


KEY, OTHER_KEY = RSAKey.generate_key(2048), RSAKey.generate_key(2048)
PROVIDER = Provider("https://id.example", "canisters", "of the provider")
GOOD = {"iss": PROVIDER.issuer, "aud": "canisters", "sub": "ann", "nonce": "asked"}
QUESTION = identity_provider.Question("state", "asked", "verifier")


def token_of(claims: dict[str, Any], key: RSAKey = KEY) -> str:
    now = int(time.time())
    return jwt.encode({"alg": "RS256"}, {"iat": now, "exp": now + 300} | claims, key)


def in_url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def received(monkeypatch: pytest.MonkeyPatch, token: str) -> identity_provider.Identity:
    """What we make of a token that a provider's address sends."""
    endpoints = dict.fromkeys(
        ("authorization_endpoint", "token_endpoint", "jwks_uri"), "https://id.example/keys"
    )
    description = endpoints | {"issuer": PROVIDER.issuer}
    keys = KeySet([KEY]).as_dict(private=False)
    sent = lambda _, at: keys if at.endswith("/keys") else description  # noqa: E731
    client = SimpleNamespace(fetch_token=lambda *_, **__: {"id_token": token})
    monkeypatch.setattr(identity_provider, "_json", sent)
    monkeypatch.setattr(identity_provider, "_client", lambda *_: nullcontext(client))
    return identity_of(PROVIDER, QUESTION, "code", CALLBACK, "groups")


def test_a_token_for_us_and_this_sign_in_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    identity = received(monkeypatch, token_of(GOOD | {"groups": ["a", "b"]}))
    assert (identity.subject, identity.groups) == ("ann", {"a", "b"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "another site"},
        {"aud": ["canisters", "another site"], "azp": "another site"},
        {"iss": "https://evil.example"},
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"sub": None},
        {"exp": 1_000_000_000},
        {"iat": 4_000_000_000, "nbf": 4_000_000_000},
    ],
    ids=",".join,
)
def test_a_token_for_others_or_of_another_time_is_refused(
    monkeypatch: pytest.MonkeyPatch, wrong: dict[str, Any]
) -> None:
    claims = {name: value for name, value in (GOOD | wrong).items() if value is not None}
    with pytest.raises(ProviderError):
        received(monkeypatch, token_of(claims))


def test_a_token_that_the_provider_did_not_sign_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    claims = token_of(GOOD).split(".")[1]
    unsigned = in_url(b'{"alg": "none"}') + f".{claims}."
    # The classic: the provider's public key as a shared secret (CVE-2015-9235).
    shared = in_url(b'{"alg": "HS256"}') + f".{claims}"
    seal = hmac.digest(KEY.as_pem(private=False), shared.encode(), "sha256")
    for token in (token_of(GOOD, key=OTHER_KEY), unsigned, f"{shared}.{in_url(seal)}"):
        with pytest.raises(ProviderError):
            received(monkeypatch, token)
