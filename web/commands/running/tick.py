"""``hotspots tick``."""

from dataclasses import asdict

import click

from web.clock import utc_now
from web.commands.core.context import open_configured_store, print_json
from web.config import load_config
from web.server import logs
from web.server.ticks import settings_now
from web.services.background.tick_settings import Ticked
from web.services.background.ticking import tick as tick_once


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def tick(*, as_json: bool) -> None:
    """Do the background work that is due: mails, retention, drafts, the night's detection.

    hotspots serve does this by itself while the store is one file. With several hosts, let cron
    or another scheduler run it every minute on any of them; it is done once, whoever is first.

    \b
    Example:  * * * * *  hotspots tick
    """
    store = open_configured_store()
    config = load_config()
    logs.configure(config.log_format)
    done = tick_once(store, settings_now(config, store), clock=utc_now)
    if as_json:
        print_json(asdict(done))
    else:
        print_ticked(done)


def _print_asked(done: Ticked) -> None:
    """What became of what somebody waits for on a page."""
    if done.shifts:
        click.echo(f"{done.shifts} shifts planned or refused.")
    if done.papers:
        click.echo(f"{done.papers} drafts of reports made or given up.")
    if done.files_taken:
        click.echo(f"{done.files_taken} files of imports looked at or taken in.")
    if done.files_deleted:
        click.echo(f"{done.files_deleted} files deleted that nobody took in.")


def print_ticked(done: Ticked) -> None:
    """Say in words what a tick did."""
    _print_asked(done)
    if not done.has_run:
        click.echo("Another process is doing the background work: nothing done here.")
        return
    click.echo(
        f"{done.queued} mails queued, {done.sent} sent, {done.waiting} waiting; "
        f"{done.drafts_dropped} drafts, {done.contacts_deleted} contacts and "
        f"{done.photos_destroyed} photos deleted."
    )
    if done.texts_sent:
        click.echo(f"{done.texts_sent} text messages sent.")
    _print_kept_no_longer(done)
    if done.released:
        click.echo(f"Figures released: {', '.join(done.released)}.")
    if done.hotspots is not None:
        click.echo(f"{done.hotspots} hotspots detected.")
    if done.pushed or done.requests_taken:
        click.echo(f"{done.pushed} pushes sent, {done.requests_taken} requests taken in.")
    for problem in done.problems:
        click.echo(f"Problem: {problem}", err=True)


def _print_kept_no_longer(done: Ticked) -> None:
    if done.texts_blanked or done.backups_deleted:
        click.echo(
            f"{done.texts_blanked} reports' words and photos and {done.backups_deleted} old "
            "backups deleted."
        )
    if done.marked_deleted:
        click.echo(f"{done.marked_deleted} marked texts of imports deleted.")
    if done.cases_blanked or done.entries_blanked:
        click.echo(
            f"{done.cases_blanked} old cases of enforcement and {done.entries_blanked} old entries "
            "of the audit log say no longer who it was."
        )
    if done.followers_deleted:
        click.echo(f"{done.followers_deleted} followers of wards deleted.")
