"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes.

The store keeps a random salt alone; the secret is reckoned from it and the site's secret key, so
that a copy of the store makes no codes. Who changes the site's key resets all second factors.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

import pyotp
from sqlalchemy.orm import Session

from geodata.accounts import second_factors, sign_in_tries
from geodata.accounts.account import Account
from geodata.core.errors import RefusedError
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.store import settings
from geodata.store.engine import Store
from web.services.accounts import ENTITY

REQUIRED = "second_factor_required"
PERIOD_S = 30
DRIFT = 1
"""Codes of the half minute before and after are taken too: clocks differ (RFC 6238, 5.2)."""


class WrongCodeError(RefusedError):
    """A code that is wrong, or was used before."""


def new_salt() -> str:
    """What a new secret is reckoned from; worth nothing without the site's key."""
    return secrets.token_hex(16)


def secret_of(salt: str, site_key: str) -> str:
    """The secret of an authenticator app, in base 32: 160 bits, as RFC 4226 recommends."""
    words = f"second factor:{salt}".encode()
    return base64.b32encode(hmac.digest(site_key.encode(), words, hashlib.sha256)[:20]).decode()


def address_of(secret: str, name: str, council: str) -> str:
    """What the QR code says to the app."""
    issuer = f"Dumped canisters, {council}".replace(":", " ")
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)


def step_of_code(secret: str, code: str, *, now: datetime) -> int | None:
    """The half minute whose code this is; None where it is of none that counts now."""
    digits = "".join(code.split())
    totp = pyotp.TOTP(secret)
    step = int(now.timestamp()) // PERIOD_S
    for each in range(step - DRIFT, step + DRIFT + 1):
        # in constant time, and never of a text that is no ASCII
        if hmac.compare_digest(totp.generate_otp(each).encode(), digits.encode()):
            return each
    return None


def enrol(
    session: Session, account: Account, salt: str, code: str, site_key: str, actor: Actor
) -> list[str]:
    """Set up a second factor with its first code; the recovery codes, shown once.

    Raises
    ------
    WrongCodeError
        The code is not the secret's.
    RefusedError
        The account has a second factor already.
    """
    if second_factors.salt_of(session, account.id) is not None:
        raise RefusedError("this account has a second factor already: remove it first")
    step = step_of_code(secret_of(salt, site_key), code, now=actor.now)
    if step is None:
        raise WrongCodeError("this is not the code: type the six digits that the app shows now")
    codes = second_factors.set_up(session, account.id, salt, step=step)
    audit.write(session, actor, "add_second_factor", ENTITY, account.id)
    return codes


def check(session: Session, account: Account, code: str, site_key: str, actor: Actor) -> bool:
    """Take a code of the app or a recovery code; False where it is wrong or was used before."""
    salt = second_factors.salt_of(session, account.id)
    if salt is None:
        return False
    step = step_of_code(secret_of(salt, site_key), code, now=actor.now)
    if step is not None:
        return second_factors.use_step(session, account.id, step)
    if not second_factors.use_recovery_code(session, account.id, code):
        return False
    left = second_factors.recovery_codes_left(session, account.id)
    audit.write(session, actor, "use_recovery_code", ENTITY, account.id, after={"left": left})
    return True


def count_try(store: Store, account: Account, *, now: datetime) -> str:
    """Count a try at a code, whatever address it comes from; the key to forgive it by.

    Whoever sends codes had the password right. Raises ``ThrottledError``.
    """
    key = hashlib.sha256(f"second factor:{account.id}".encode()).hexdigest()
    with store.writing() as session:
        sign_in_tries.count(session, key, now=now)
    return key


def confirm(store: Store, account: Account, code: str, site_key: str, *, now: datetime) -> None:
    """Take a code of somebody who is signed in or half way there.

    Raises
    ------
    WrongCodeError
        It is wrong, or was used before.
    ThrottledError
        There were too many wrong ones.
    """
    key = count_try(store, account, now=now)
    actor = Actor(account.id, now)
    with store.writing() as session:
        if check(session, account, code, site_key, actor):
            sign_in_tries.forgive(session, key)
            return
        audit.write(session, actor, "fail_second_factor", ENTITY, account.id)
    raise WrongCodeError("the code is wrong or was used before: wait for the next one")


def renew_codes(session: Session, account: Account, actor: Actor) -> list[str]:
    """Ten new recovery codes in place of the old ones."""
    audit.write(session, actor, "renew_recovery_codes", ENTITY, account.id)
    return second_factors.renew_recovery_codes(session, account.id)


def is_required(session: Session) -> bool:
    """Whether the council requires a second factor of officers and above."""
    return bool(settings.read(session, REQUIRED, False))


def must_enrol(session: Session, account: Account) -> bool:
    """Whether an account must set a second factor up before it may do anything else."""
    return account.is_council and not account.has_second_factor and is_required(session)
