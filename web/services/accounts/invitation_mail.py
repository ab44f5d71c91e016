"""The mail that brings somebody the link to choose a password."""

from datetime import datetime

from sqlalchemy.orm import Session

from geodata.accounts.account import Account
from geodata.accounts.invitations import LIFETIME
from geodata.core.tokens import token_hash
from geodata.people import outbox
from web.services.mail.letters import Sender

KIND = outbox.SECRET_KIND
BODY = """\
You have an account at {council} for the record of dumped canisters.
Your user name is: {name}

Choose your password here. The link works once, for {days} days:
{address}

If you do not expect this, do nothing: the link ends by itself.
"""


def queue_invitation(
    session: Session, sender: Sender, account: Account, token: str, *, now: datetime
) -> bool:
    """Put the mail into the outbox; False where the account or the site has no address."""
    if not account.email or not sender.base_url:
        return False
    body = BODY.format(
        council=sender.council,
        name=account.name,
        days=LIFETIME.days,
        address=f"{sender.base_url}/welcome/{token}",
    )
    return outbox.queue(
        session,
        f"invitation:{token_hash(token)[:32]}",
        kind=KIND,
        recipient=account.email,
        subject=f"Your account: {sender.council}, dumped canisters",
        body=body,
        now=now,
    )
