"""The key that signs sessions: one that others can know or guess is refused."""

import random

import pytest

from geodata.store import settings
from geodata.store.engine import Store
from web.application import create_app
from web.config import Config, ConfigError
from web.server import secret_key


@pytest.mark.parametrize(
    ("key", "fault"),
    [
        ("", "is not set"),
        ("7c1f0e3b9a", "is short: 10 characters, 32 are needed"),
        ("ab" * 32, "can be guessed"),
        ("0123456789abcdef" * 4, "can be guessed"),
        ("qwertyuiopasdfghjklzxcvbnm1234567890", "can be guessed"),
        ("please-change-this-key-before-you-go-live", "stands in a text"),
        ("$(python3 -c 'import secrets; print(secrets.token_hex(32))')", "stands in a text"),
        ("192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf", "stands in a text"),
    ],
)
def test_nothing_is_served_under_a_key_that_others_can_know(
    council: Store, key: str, fault: str
) -> None:
    remedy = f"HOTSPOTS_SECRET_KEY .*{fault}: set it to the output of .*token_hex"
    with pytest.raises(ConfigError, match=remedy):
        create_app(Config(secret_key=key), store=council)


def test_the_demo_may_run_under_any_key(council: Store) -> None:
    with council.writing() as session:
        settings.write(session, settings.IS_DEMO, True)
    for key in ("", "demo"):
        assert create_app(Config(secret_key=key), store=council).config["SECRET_KEY"]


def test_keys_made_as_the_sentence_says_are_taken() -> None:
    made = [random.Random(seed).randbytes(16).hex() for seed in range(40)]  # token_hex(16)
    made += [random.Random(seed).randbytes(32).hex() for seed in range(10)]
    assert [secret_key.fault(key) for key in made] == [None] * 50
