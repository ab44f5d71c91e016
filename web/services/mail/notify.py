"""Text messages by GOV.UK Notify, which every council may use.

Its own client would bring a second way out of the program and an option parser: all that is needed
is one call, signed as https://docs.notifications.service.gov.uk/rest-api.html says.
"""

import base64
import hashlib
import hmac
import json
import re
import textwrap
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime

from geodata.core.errors import RefusedError
from geodata.people.outbox import Letter
from web.services.common import outgoing
from web.services.common.outgoing import Call, NoAnswerError
from web.services.mail.mailing import RefusedMailError, UnreachableMailError

ADDRESS = "https://api.notifications.service.gov.uk"
TIMEOUT_S = 20.0
LONGEST = 918
"""Letters of a text message that Notify takes."""
CUT = "..."
"""What stands for words left out: three letters of every phone's alphabet, as "…" is not."""
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_KEY = re.compile(rf".+-({_UUID})-({_UUID})", re.IGNORECASE)


@dataclass(frozen=True)
class NotifySettings:
    """The council's account at Notify.

    ``template_id`` is of a text message template whose text is ``((message))`` alone.
    """

    api_key: str = field(repr=False)
    template_id: str
    address: str = ADDRESS

    @property
    def keys(self) -> tuple[str, str]:
        """Service and secret, which the key is made of after its name.

        Raises
        ------
        RefusedError
            It is no key of Notify's.
        """
        match = _KEY.fullmatch(self.api_key.strip())
        if match is None:
            raise RefusedError(
                "HOTSPOTS_NOTIFY_API_KEY is no key of GOV.UK Notify: copy it whole, its name with "
                "the two numbers behind it"
            )
        return match[1], match[2]


@dataclass(frozen=True)
class NotifyTexter:
    """Hands text messages over, each by a call of its own."""

    settings: NotifySettings
    clock: Callable[[], datetime]
    private_hosts: Collection[str] = ()

    def send(self, letter: Letter) -> None:
        try:
            answer = outgoing.to_system(self._call(letter), self.private_hosts, timeout_s=TIMEOUT_S)
        except (NoAnswerError, RefusedError) as error:
            raise UnreachableMailError(str(error)) from error
        if answer.is_right:
            return
        problem = f"GOV.UK Notify answered {answer.status}{_reason(answer.body)}"
        # 400: this number or this text; all else is of the account, its limits, or of Notify.
        raise RefusedMailError(problem) if answer.status == 400 else UnreachableMailError(problem)

    def _call(self, letter: Letter) -> Call:
        content = {
            "phone_number": letter.recipient,
            "template_id": self.settings.template_id,
            "personalisation": {"message": shortened(letter.body)},
            "reference": hashlib.sha256(letter.key.encode()).hexdigest()[:32],
        }
        headers = {
            "Authorization": f"Bearer {token(*self.settings.keys, self.clock())}",
            "Content-Type": "application/json",
        }
        address = f"{self.settings.address.rstrip('/')}/v2/notifications/sms"
        return Call(address, "POST", headers, json.dumps(content).encode())


def shortened(text: str, most: int = LONGEST) -> str:
    """At most so many letters, by whole words of what comes before the first link.

    The links, the one to stop these messages among them, are kept whole: one that was cut leads
    nowhere. Links that are longer by themselves are left to Notify to refuse.
    """
    if len(text) <= most:
        return text
    lines = text.split("\n")
    first = next((n for n, line in enumerate(lines) if "://" in line), len(lines))
    links = "".join(f"\n{line}" for line in lines[first:])
    room = max(most - len(links), len(CUT))
    return textwrap.shorten(" ".join(lines[:first]), room, placeholder=CUT) + links


def token(service: str, secret: str, now: datetime) -> str:
    """What a call is signed with: a JSON Web Token (RFC 7519) by HMAC SHA-256, good for 30 s."""
    head = _part({"typ": "JWT", "alg": "HS256"})
    signed = b".".join((head, _part({"iss": service, "iat": int(now.timestamp())})))
    mark = hmac.digest(secret.encode(), signed, "sha256")
    return b".".join((signed, _base64(mark))).decode()


def _part(claims: dict[str, object]) -> bytes:
    return _base64(json.dumps(claims, separators=(",", ":")).encode())


def _base64(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")


def _reason(body: bytes) -> str:
    """What Notify says is wrong, in its own words; they name no number."""
    try:
        errors = json.loads(body)["errors"]
        return ": " + "; ".join(str(error["message"]) for error in errors)[:300]
    except (ValueError, KeyError, TypeError):
        return ""
