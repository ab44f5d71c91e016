"""Messages for a channel of a team, in Teams or Slack."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from geodata.core.vocabulary import SystemKind
from geodata.people import outbox
from geodata.people.systems import System

KIND = "channel_post"
CARD = "application/vnd.microsoft.card.adaptive"


@dataclass(frozen=True)
class Post:
    """A heading and its sentences; where more stands, if the site's address is known."""

    heading: str
    sentences: Sequence[str]
    address: str = ""


def queue(session: Session, system: System, key: str, post: Post, *, now: datetime) -> bool:
    """Queue a post, once by its key."""
    body = _for_teams(post) if system.kind == SystemKind.TEAMS else _for_slack(post)
    return outbox.queue(
        session,
        f"post:{system.id}:{key}",
        kind=KIND,
        recipient=system.name,
        subject=post.heading,
        body=json.dumps(body, ensure_ascii=False),
        system_id=system.id,
        now=now,
    )


def _for_slack(post: Post) -> dict[str, object]:
    """Plain text: a name with <, > or & in it must not become a link or call somebody."""
    lines = [post.heading, *post.sentences, *([post.address] if post.address else [])]
    text = "\n".join(lines)
    for char, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(char, written)
    return {"text": text}


def _for_teams(post: Post) -> dict[str, object]:
    blocks: list[dict[str, object]] = [
        {"type": "TextBlock", "text": post.heading, "weight": "bolder", "wrap": True},
        *({"type": "TextBlock", "text": each, "wrap": True} for each in post.sentences),
    ]
    card: dict[str, object] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": blocks,
    }
    if post.address:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "Open", "url": post.address}]
    return {"type": "message", "attachments": [{"contentType": CARD, "content": card}]}
