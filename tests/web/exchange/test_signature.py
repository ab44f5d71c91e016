"""Pushes are signed as the standard's published example is."""

from datetime import UTC, datetime

import pytest

from web.services.common.webhook_signature import is_secret, new_secret, signed_headers


def test_published_example() -> None:
    # github.com/standard-webhooks/standard-webhooks, and docs.svix.com, "Verifying manually".
    headers = signed_headers(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1614265330, UTC),
        b'{"test": 2432232314}',
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize(
    ("secret", "is_good"),
    [
        ("whsec_" + "QUJD" * 8, True),  # 24 bytes
        ("whsec_" + "QUJD" * 7, False),  # 21
        ("password", False),
        ("whsec_not base64!", False),
    ],
)
def test_weak_secrets_are_known(secret: str, is_good: bool) -> None:
    assert is_secret(secret) == is_good


def test_a_new_secret_is_good_and_another_each_time() -> None:
    secrets = {new_secret() for _ in range(3)}
    assert len(secrets) == 3
    assert all(map(is_secret, secrets))
