"""A contractor's system: checks pushes, fetches what they speak of, and tells what its crew did.

It knows the documentation and nothing of this program's code.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from io import BytesIO

from flask.testing import FlaskClient

from tests.web.exchange.little_server import Heard, Said


@dataclass
class FakeContractor:
    """Takes each push once; ``jobs`` are those that it fetched, by their reference."""

    secret: str
    api: FlaskClient
    seen: set[str] = field(default_factory=set)
    types: list[str] = field(default_factory=list)
    jobs: dict[str, dict] = field(default_factory=dict)

    def __call__(self, heard: Heard) -> Said:
        if not self._is_signed(heard):
            return Said(401)
        if heard.headers["webhook-id"] in self.seen:
            return Said(200)
        self.seen.add(heard.headers["webhook-id"])
        push = json.loads(heard.body)
        self.types.append(push["type"])
        if reference := push["data"].get("reference"):
            self.jobs[reference] = self.api.get(f"/api/jobs/{reference}").json
        return Said(204)

    def _is_signed(self, heard: Heard) -> bool:
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        prefix = f"{heard.headers['webhook-id']}.{heard.headers['webhook-timestamp']}.".encode()
        digest = hmac.new(key, prefix + heard.body, hashlib.sha256).digest()
        signature = "v1," + base64.b64encode(digest).decode()
        return signature in heard.headers["webhook-signature"].split(" ")

    def tell(self, reference: str, outcome: dict[str, object], photo: bytes, key: str) -> dict:
        """Post what the crew did, with its photo."""
        answer = self.api.post(
            f"/api/jobs/{reference}/outcomes",
            data={"data": json.dumps(outcome), "photos": (BytesIO(photo), "after.jpg")},
            headers={"Idempotency-Key": key},
        )
        assert answer.status_code in (200, 201), answer.text
        return answer.json
