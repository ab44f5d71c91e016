import pytest
from argon2 import PasswordHasher, Type, extract_parameters

from geodata.core.errors import RefusedError
from geodata.people import passwords

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
        passwords.hashed(password, name="jo.smith")


def test_an_account_without_a_password_matches_none() -> None:
    assert not passwords.is_right("", "")
    assert passwords.is_right(passwords.hashed(PASSWORD, name="jo").argon2, PASSWORD)
