"""``hotspots settings``."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import click
from sqlalchemy.orm import Session

from geodata.clearances.time_gaps import MOST_GAP_HOURS
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.rules.days import LONDON, local_day
from web.clock import utc_now
from web.commands.core.context import open_configured_store, print_json
from web.forms.clock_times import parse_clock
from web.services.patrols.shift_hours import ShiftHours
from web.services.settings import contacts as contact_settings
from web.services.settings import council_settings
from web.services.settings.council_settings import (
    CouncilSettings,
    as_record,
    read_contacts,
    read_depot,
    read_shift,
    value_words,
)
from web.services.settings.setting_days import ENTITY, VALID_FROM


@click.command()
@click.option("--council-name", help="On every page, poster and mail.")
@click.option("--start-place", help="Where patrols start and end; '' for the hotspots' middle.")
@click.option(
    "--contact",
    "contacts",
    multiple=True,
    help="Whom a patrol calls: who, a colon, the number. Repeatable; replaces all there were.",
)
@click.option("--shift", help="Hours of the usual patrol shift, such as 20:00-00:30; '' for none.")
@click.option("--depot", help="Where crews' rounds start, such as 'TQ 5409 7420'; '' for none.")
@click.option(
    "--device-gap",
    type=click.IntRange(0, MOST_GAP_HOURS),
    help="Hours for which the time that a crew's phone tells counts.",
)
@click.option(
    "--text-messages/--no-text-messages",
    "sends_texts",
    default=None,
    help="Whether people who report may ask for text messages.",
)
@click.option(
    "--set",
    "pairs",
    multiple=True,
    metavar="NAME=VALUE",
    help="A contact or a time of keeping, such as csu_email; nothing after = takes it back. "
    "Repeatable.",
)
@click.option("--reason", default="", help="Why; --set needs it.")
@click.option(
    "--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="From which day; at once without."
)
@click.option("--dry-run", is_flag=True, help="Say what would change, and save nothing.")
@click.option("--changes", is_flag=True, help="List what was changed, newest first.")
@click.option("--undo", type=int, help="Take back a change that --changes lists, by its number.")
@click.option("--json", "as_json", is_flag=True, help="Print the settings as JSON.")
def settings(
    council_name: str | None,
    start_place: str | None,
    contacts: tuple[str, ...],
    shift: str | None,
    depot: str | None,
    device_gap: int | None,
    sends_texts: bool | None,
    pairs: tuple[str, ...],
    reason: str,
    first: datetime | None,
    undo: int | None,
    *,
    dry_run: bool,
    changes: bool,
    as_json: bool,
) -> None:
    """Show what the council sets for itself, changed first where something is given.

    The page /admin/settings does the same.

    \b
    Example:  hotspots settings --start-place "Civic Centre" --contact "Control room: 01632 960001"
    """
    given = (council_name, start_place, contacts or None, shift, depot, device_gap, sends_texts)
    is_change = any(value is not None for value in given)
    if dry_run and (undo is not None or not (is_change or pairs)):
        raise click.UsageError("--dry-run goes with a change: say --set NAME=VALUE, or --shift")
    store = open_configured_store()
    if changes or dry_run:
        with store.reading() as session:
            wanted = _wanted(session, *given)
            day = first and first.date()
            rows = _changed(session) if changes else _previewed(session, wanted, pairs, day)
        if as_json:
            print_json(rows)
        else:
            click.echo(
                "\n".join(map(_change_words if changes else _preview_words, rows)) or "None."
            )
        return
    with store.writing() if is_change or pairs or undo is not None else store.reading() as session:
        actor, day = Actor(None, utc_now()), first and first.date()
        if undo is not None:
            _undo(session, actor, undo)
        wanted = _wanted(session, *given)
        if is_change:
            council_settings.save(session, actor, wanted, reason=reason, valid_from=day)
        if pairs:
            contact_settings.save(session, actor, _named(pairs), reason=reason, valid_from=day)
        wanted = council_settings.current(session)
        reached = contact_settings.stored(session, local_day(utc_now()))
    if as_json:
        print_json(as_record(wanted) | reached)
    else:
        click.echo("\n".join([_in_words(wanted), *(f"{k}: {v}" for k, v in reached.items())]))


def _wanted(
    session: Session,
    council_name: str | None,
    start_place: str | None,
    contacts: tuple[str, ...] | None,
    shift: str | None,
    depot: str | None,
    device_gap: int | None,
    sends_texts: bool | None,
) -> CouncilSettings:
    """What the council sets now, with what is given in its place."""
    wanted = council_settings.current(session)
    if council_name is not None:
        wanted = replace(wanted, council_name=" ".join(council_name.split()))
    if start_place is not None:
        wanted = replace(wanted, patrol_start_place=start_place.strip() or None)
    if contacts:
        wanted = replace(wanted, patrol_contacts=read_contacts("\n".join(contacts)))
    if shift is not None:
        wanted = replace(wanted, patrol_shift=_read_shift(shift))
    if depot is not None:
        wanted = replace(wanted, round_depot=read_depot(session, depot))
    if device_gap is not None:
        wanted = replace(wanted, device_gap_hours=device_gap)
    if sends_texts is not None:
        wanted = replace(wanted, sends_texts=sends_texts)
    return wanted


def _undo(session: Session, actor: Actor, number: int) -> None:
    is_councils = number in {each.entry_id for each in council_settings.history(session)}
    (council_settings if is_councils else contact_settings).undo(session, actor, number)


def _changed(session: Session) -> list[dict[str, Any]]:
    known = {each.name for each in contact_settings.CONTACTS} | set(council_settings.LABELS)
    return [
        {
            "number": entry.id,
            "at": entry.at.isoformat(),
            "by": by,
            "before": entry.before,
            "after": entry.after,
            "reason": entry.reason,
        }
        for entry, by in audit.entries(session, ENTITY)
        if known & set(entry.after or {})
    ]


def _previewed(
    session: Session, wanted: CouncilSettings, pairs: tuple[str, ...], first: date | None
) -> list[dict[str, Any]]:
    today = local_day(utc_now())
    rows = council_settings.changes_of(session, wanted, first, today)
    rows += contact_settings.changes_of(session, _named(pairs), first or today)
    return [
        {"setting": label, "now": now or None, "then": then or None} for label, now, then in rows
    ]


def _preview_words(row: dict[str, Any]) -> str:
    return f"{row['setting']}: now {row['now'] or 'not set'}, then {row['then'] or 'not set'}"


def _change_words(row: dict[str, Any]) -> str:
    """One line: its number, when and by whom, what was and what is, and why."""
    at = datetime.fromisoformat(row["at"]).astimezone(LONDON)
    what = ", ".join(
        f"{name} was {value_words((row['before'] or {}).get(name))}, is {value_words(value)}"
        for name, value in row["after"].items()
        if name != VALID_FROM
    )
    later = row["after"].get(VALID_FROM)
    what += f", from {later}" if later else ""
    who = row["by"] or "the command line"
    why = f". Reason: {row['reason']}" if row["reason"] else ""
    return f"{row['number']}: {at:%d/%m/%Y %H:%M}, {who}: {what}{why}"


def _named(pairs: tuple[str, ...]) -> dict[str, str]:
    known = [each.name for each in contact_settings.CONTACTS]
    named = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or name not in known:
            raise click.BadParameter(
                f"{pair!r}: write NAME=VALUE with one of {', '.join(known)}", param_hint="--set"
            )
        named[name] = value
    return named


def _read_shift(text: str) -> ShiftHours | None:
    """Two times of day and a hyphen between them; None for nothing."""
    if not text.strip():
        return None
    try:
        start, end = (parse_clock(part) for part in text.split("-"))
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is no shift: write its start and end, such as 20:00-00:30",
            param_hint="--shift",
        ) from None
    return read_shift(start, end)


def _in_words(now: CouncilSettings) -> str:
    lines = [
        f"Council:            {now.council_name or 'not named'}",
        f"Patrols start at:   {now.patrol_start_place or 'the middle of the hotspots'}",
        f"A patrol's shift:   {now.patrol_shift or 'from 20:00 or sunset, 4½ hours'}",
        f"Rounds start at:    {now.round_depot.where if now.round_depot else 'no depot is set'}",
        f"A crew's own time:  counts for {now.device_gap_hours} hours",
        f"Text messages:      {'to who asks for them' if now.sends_texts else 'none'}",
        *(f"A patrol calls:     {who}: {number}" for who, number in now.patrol_contacts),
    ]
    return "\n".join(lines)
