"""The store's upkeep: what is dated, kept, counted, published and reckoned anew."""

from sqlalchemy.orm import Session

from geodata import places
from geodata.people.audit import Actor
from geodata.rules.days import local_day
from geodata.store import settings
from geodata.store.engine import Store
from web.services.admin import retention
from web.services.alerts import notifications, officer_alerts, spike_alerts
from web.services.background import once_a_day
from web.services.background.tick_settings import Clock, Ticked, TickSettings
from web.services.clearing import kept_jobs
from web.services.detection import running
from web.services.detection.run_saving import RunSummary
from web.services.imports import held_imports, loading
from web.services.publishing import releasing
from web.services.settings import setting_days

DETECTED_ON = "nightly_detection_on"


def settle(store: Store, settings_: TickSettings, done: Ticked, clock: Clock) -> None:
    """Make settings that were decided for today hold."""
    today = local_day(clock())
    with store.reading() as session:
        is_due = any(each.valid_from <= today for each in setting_days.ahead(session))
    if is_due:
        with store.writing() as session:
            setting_days.settle(session, today)


def clean_up(store: Store, settings_: TickSettings, done: Ticked, clock: Clock) -> None:
    """Delete what is kept no longer."""
    with store.writing() as session:
        gone = retention.clean_up(session, settings_.terms, now=clock())
    done.drafts_dropped, done.contacts_deleted = gone["drafts"], gone["contacts"]
    done.mails_forgotten, done.photos_destroyed = gone["mails"], gone["photos"]
    done.texts_blanked, done.backups_deleted = gone["texts"], gone["backups"]
    done.followers_deleted, done.marked_deleted = gone["followers"], gone["marked"]
    done.cases_blanked, done.entries_blanked = gone["enforcement"], gone["audit"]


def take_out_cut_off(store: Store, settings_: TickSettings, done: Ticked, clock: Clock) -> None:
    """Take out files that were cut off, and what was sent and never taken in."""
    loading.clear_cut_off(store)
    if settings_.import_folder is not None:
        done.files_deleted = held_imports.sweep(settings_.import_folder, clock())


def keep(store: Store, settings_: TickSettings, done: Ticked, clock: Clock) -> None:
    """Keep the read model of the jobs."""
    kept_jobs.keep_changed(store)


def release(store: Store, settings_: TickSettings, done: Ticked, clock: Clock) -> None:
    """Publish the month that is complete."""
    with store.reading() as session:
        is_due = releasing.is_due(session, now=clock())
    if is_due:
        with store.writing() as session:
            done.released = releasing.release_due(session, now=clock())


def detect(store: Store, settings_: TickSettings, done: Ticked, clock: Clock) -> None:
    """Detect hotspots, once a night."""
    now = clock()
    with store.reading() as session:
        if places.borough(session) is None or not once_a_day.is_due(
            session, DETECTED_ON, now, from_hour=settings_.nightly_hour
        ):
            return

    def tell(session: Session, summary: RunSummary) -> None:
        settings.write(session, DETECTED_ON, once_a_day.day_of(now))
        notifications.tell_of_hotspots(session, settings_.sender, summary.run_id, now=now)
        spike_alerts.tell_of_rises(
            session, settings_.sender, settings_.council, summary.run_id, now=now
        )
        officer_alerts.tell_of_new_hotspots(session, settings_.sender, summary.run_id, now=now)

    run = running.run_apart(store, Actor(None, now), then=tell)
    done.hotspots = len(run.summary.hotspots)
