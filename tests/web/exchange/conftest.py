"""Another system on this machine, and this site's background work at a moment."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from geodata.store.engine import Store
from tests.web.api.conftest import keyed, make_key
from tests.web.exchange.little_server import HOSTS, LittleServer, little_server
from web.services.background import ticking
from web.services.background.tick_settings import Ticked, TickSettings
from web.services.mail.letters import Sender

__all__ = ["keyed", "make_key"]  # fixtures of the API's own tests
SETTINGS = TickSettings(Sender("Testford", "https://canisters.example"), private_hosts=HOSTS)
TickAt = Callable[[datetime], Ticked]


@pytest.fixture
def other() -> Iterator[LittleServer]:
    """Another system, which takes everything."""
    with little_server() as server:
        yield server


@pytest.fixture
def tick_at(council: Store) -> TickAt:
    """Background work, done at a moment."""
    return lambda now: ticking.tick(council, SETTINGS, clock=lambda: now)
