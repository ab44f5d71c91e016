"""The councils that a partnership shows side by side, each read from its own store."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from flask import current_app
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Member:
    """A council; ``address`` is where its own site begins, with a slash at the end."""

    code: str
    name: str
    address: str


class Members(Protocol):
    """The door to their stores. It reads, one store after the other, and writes in none."""

    def all(self) -> list[Member]:
        """Those of the house file, by name."""

    def reading(self, member: Member) -> AbstractContextManager[Session]:
        """A session of a member's store.

        Raises
        ------
        StoreError
            It cannot be opened.
        """


def members() -> Members:
    """Those of this site."""
    door: Members = current_app.extensions["members"]
    return door
