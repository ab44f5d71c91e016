from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher, Type, extract_parameters

from geodata.core.errors import RefusedError
from geodata.people import users
from geodata.store.engine import Store

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PASSWORD = "correct horse battery"


def add_jo(store: Store) -> None:
    with store.writing() as session:
        users.add(session, "jo", PASSWORD, "officer", now=NOW)


def sign_in(store: Store, password: str, at: datetime = NOW) -> users.Account | None:
    with store.writing() as session:
        return users.authenticate(session, "jo", password, now=at)


def test_the_right_password_signs_in(store: Store) -> None:
    add_jo(store)
    account = sign_in(store, PASSWORD)
    assert account is not None
    assert (account.name, account.role) == ("jo", "officer")


def test_a_wrong_password_or_name_signs_nobody_in(store: Store) -> None:
    add_jo(store)
    assert sign_in(store, "wrong horse battery") is None
    with store.writing() as session:
        assert users.authenticate(session, "nobody", PASSWORD, now=NOW) is None


def test_after_five_failures_even_the_right_password_waits(store: Store) -> None:
    add_jo(store)
    for _ in range(5):
        assert sign_in(store, "wrong horse battery") is None
    with pytest.raises(users.ThrottledError, match="wait 1 minutes"):
        sign_in(store, PASSWORD)
    assert sign_in(store, PASSWORD, NOW + timedelta(minutes=1)) is not None


@pytest.mark.parametrize(
    ("name", "password", "role", "words"),
    [
        ("jo", PASSWORD, "officer", "already"),
        ("al", "short", "officer", "5 characters"),
        ("al", PASSWORD, "king", "king"),
    ],
)
def test_an_account_that_cannot_be_is_refused(
    store: Store, name: str, password: str, role: str, words: str
) -> None:
    add_jo(store)
    with pytest.raises(RefusedError, match=words), store.writing() as session:
        users.add(session, name, password, role, now=NOW)


def test_a_new_password_ends_other_sessions(store: Store) -> None:
    add_jo(store)
    before = sign_in(store, PASSWORD)
    with store.writing() as session:
        users.set_password(session, "jo", "a wholly new one")
    after = sign_in(store, "a wholly new one")
    assert before is not None
    assert after is not None
    assert before.session_token != after.session_token
    assert sign_in(store, PASSWORD) is None


def test_passwords_in_use_cost_what_rfc_9106_recommends_for_little_memory(
    production_hasher: PasswordHasher,
) -> None:
    # RFC 9106, section 4, second recommended option: Argon2id, t=3, p=4, m=64 MiB, 128-bit salt.
    cost = extract_parameters(production_hasher.hash(PASSWORD))
    assert (cost.type, cost.time_cost, cost.parallelism) == (Type.ID, 3, 4)
    assert cost.memory_cost == 64 * 1024  # KiB
    assert cost.salt_len == 16
