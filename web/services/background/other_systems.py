"""Other systems: what they hear, and what they are asked."""

from geodata.store.engine import Store
from web.services.background.tick_settings import Clock, Ticked, TickSettings
from web.services.exchange import delivering, open311_asking, telling


def push(store: Store, settings_: TickSettings, done: Ticked, clock: Clock) -> None:
    """Send webhooks that are due."""
    with store.reading() as session:
        is_due = telling.is_due(session)
    if is_due:
        with store.writing() as session:
            telling.tell_of_events(session, settings_.sender.base_url, now=clock())
    report = delivering.send_due(store, settings_.private_hosts, clock=clock)
    done.pushed = report.sent
    done.problems += report.problems


def ask(store: Store, settings_: TickSettings, done: Ticked, clock: Clock) -> None:
    """Fetch what other systems took in."""
    tally = open311_asking.ask_due(store, settings_.private_hosts, clock=clock)
    done.requests_taken = tally.taken
    done.problems += tally.problems
