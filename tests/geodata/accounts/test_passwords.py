from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from argon2.exceptions import VerifyMismatchError

from geodata.accounts import passwords, users
from geodata.core.errors import RefusedError
from geodata.store.engine import Store
from tests.passwords import hashed

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PASSWORD = "correct horse battery"


def test_passwords_in_use_cost_what_rfc_9106_recommends_for_little_memory(
    production_hasher: PasswordHasher,
) -> None:
    # RFC 9106, section 4, second recommended option: Argon2id, t=3, p=4, m=64 MiB, 128-bit salt.
    cost = extract_parameters(production_hasher.hash(PASSWORD))
    assert (cost.type, cost.time_cost, cost.parallelism) == (Type.ID, 3, 4)
    assert cost.memory_cost == 64 * 1024  # KiB
    assert cost.salt_len == 16


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "5 characters"),
        ("x" * 129, "129 characters"),
        ("qwerty123456", "most common"),
        ("passwordpassword", "easy to guess"),
        ("Jo.Smith 2026", "user name"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(password: str, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        passwords.hashed(password, name="jo.smith", site_key="")


def test_an_account_without_a_password_matches_none() -> None:
    assert not passwords.is_right("", "", site_key="")


def test_a_password_is_right_under_the_key_that_sealed_it_alone() -> None:
    stored = passwords.hashed(PASSWORD, name="jo", site_key="one key").stored
    assert passwords.is_right(stored, PASSWORD, site_key="one key")
    assert not passwords.is_right(stored, PASSWORD + "!", site_key="one key")
    assert not passwords.is_right(stored, PASSWORD, site_key="another key")
    assert not passwords.is_right(stored, PASSWORD, site_key="")


def test_a_copied_store_is_no_use_to_whoever_guesses_the_password() -> None:
    stored = passwords.hashed(PASSWORD, name="jo", site_key="one key").stored
    argon2 = f"$argon2id{stored.split('$argon2id')[1]}"  # as if it were a hash like any other
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(argon2, PASSWORD)
    # two accounts with one password have nothing in common
    again = passwords.hashed(PASSWORD, name="al", site_key="one key").stored
    assert stored.rsplit("$", 1)[1] != again.rsplit("$", 1)[1]


def test_passwords_of_an_older_store_are_sealed_and_sealed_again_by_a_new_key(
    store: Store,
) -> None:
    with store.writing() as session:
        for name, password in (("jo", hashed(PASSWORD)), ("al", None)):
            users.add(session, name, password, "officer", now=NOW)
        assert users.unsealed_passwords(session) == 1
        assert users.seal_passwords(session, "old") == 1
        assert (users.unsealed_passwords(session), users.seal_passwords(session, "old")) == (0, 0)
        assert users.seal_passwords(session, "new", old_key="old") == 1
        _, stored = users.password_of(session, "jo")
        assert passwords.is_right(stored, PASSWORD, site_key="new")
        assert users.password_of(session, "al")[1] == ""
        with pytest.raises(RefusedError, match="a third key"):
            users.seal_passwords(session, "newest", old_key="old")
