"""Asking an Open311 service for its requests: window by window, page by page, each taken in once.

Windows overlap, pages may repeat, and two workers may ask at once: a request is known by its number
there. Up to which time all are in moves on only when a whole window is.
"""

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import SystemKind
from geodata.people import systems
from geodata.people.systems import System
from geodata.store.engine import Store
from web.services.common import outgoing
from web.services.common.outgoing import Call, NoAnswerError
from web.services.exchange import open311_intake
from web.services.exchange.open311_answers import Request, read_requests

EVERY = timedelta(minutes=5)
OVERLAP = timedelta(days=2)
"""A request may appear later than its own time: a moderator published it, a server copied it."""
UPDATED_OVERLAP = timedelta(hours=1)
WINDOW = timedelta(days=7)
FIRST_DAYS = timedelta(days=7)
"""How far the first asking looks back; what is older comes as a file."""
MOST_WINDOWS = 10
MOST_PAGES = 50
PAGE_SIZE = 200
CUT_OFF_AT = 1_000
"""Rows of an answer at most, as the specification has it."""
SHORTEST = timedelta(hours=1)
ROUND_S = 240.0
"""A round ends after so long; the next goes on with the window that was not done."""


@dataclass
class Asked:
    """What asking came to."""

    taken: int = 0
    refused: int = 0
    problems: list[str] = field(default_factory=list)


def ask_due(
    store: Store, private_hosts: Collection[str], *, clock: Callable[[], datetime]
) -> Asked:
    """Ask every Open311 service whose time has come."""
    now = clock()
    with store.reading() as session:
        due = [
            each
            for each in systems.of_kinds(session, SystemKind.OPEN311)
            if each.asked_at is None or not now - EVERY < each.asked_at <= now
        ]
    tally = Asked()
    for system in due:
        ask(store, system, private_hosts, tally, clock=clock)
    return tally


def ask(
    store: Store,
    system: System,
    private_hosts: Collection[str],
    tally: Asked,
    *,
    clock: Callable[[], datetime],
) -> None:
    """Ask one service; what came before it failed stays taken."""
    problem, reached, ends_at = None, system.asked_to, time.monotonic() + ROUND_S
    try:
        for first, last in windows(system, clock()):
            if time.monotonic() > ends_at:
                break
            for page in _pages(system, first, last, private_hosts):
                took = open311_intake.take_page(store, system, page, now=clock())
                tally.taken += took.taken
                tally.refused += took.refused
            reached = last
    except (RefusedError, NoAnswerError) as error:
        problem = str(error)
        tally.problems.append(f"{system.name}: {problem}")
    with store.writing() as session:
        systems.change(session, system.id, asked_at=clock(), asked_to=reached, problem=problem)


def windows(system: System, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """From when to when is asked, the oldest first, up to now; ten weeks at most."""
    overlap = UPDATED_OVERLAP if _by_updates(system) else OVERLAP
    reached = system.asked_to or now - FIRST_DAYS
    first = min(reached, now) - overlap
    for _ in range(MOST_WINDOWS):
        last = min(first + WINDOW, now)
        yield first, last
        if last >= now:
            return
        first = last


def _by_updates(system: System) -> bool:
    return bool(system.terms.get("by_updates"))


def _pages(
    system: System, first: datetime, last: datetime, private_hosts: Collection[str]
) -> Iterator[Sequence[Request]]:
    """The requests of a window, each once.

    A service that knows no pages repeats its first: where that is as long as an answer may be, the
    rest was cut off, and each half of the window is asked for.
    """
    seen: set[str] = set()
    for page in range(1, MOST_PAGES + 1):
        requests = _answered(system, _query(system, first, last, page), private_hosts)
        new = {each.reference: each for each in requests if each.reference not in seen}
        if not new:
            break
        yield list(new.values())
        seen |= set(new)
    else:
        raise RefusedError(f"it has more than {MOST_PAGES} pages of requests in a week")
    if page == 2 and len(seen) >= CUT_OFF_AT and last - first > SHORTEST:
        middle = first + (last - first) / 2
        yield from _pages(system, first, middle, private_hosts)
        yield from _pages(system, middle, last, private_hosts)


def _query(system: System, first: datetime, last: datetime, page: int) -> dict[str, str]:
    names = (
        ("updated_after", "updated_before") if _by_updates(system) else ("start_date", "end_date")
    )
    query = dict(zip(names, map(_written, (first, last)), strict=True))
    query |= {"service_code": ",".join(system.terms.get("services", ()))}
    query |= {"page": str(page), "page_size": str(PAGE_SIZE)}
    if jurisdiction := system.terms.get("jurisdiction"):
        query["jurisdiction_id"] = jurisdiction
    if system.secret:
        query["api_key"] = system.secret
    return query


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _answered(
    system: System, query: Mapping[str, Any], private_hosts: Collection[str]
) -> list[Request]:
    ending = system.terms.get("format", "json")
    url = f"{system.url.rstrip('/')}/requests.{ending}?{urlencode(query)}"
    answer = outgoing.to_system(Call(url), private_hosts)
    if answer.moved_to:
        raise RefusedError(f"it answers {answer.status} and sends on to another address")
    if not answer.is_right:
        raise RefusedError(f"it answers {answer.status}")
    return read_requests(answer.body)
