"""``hotspots rules``."""

from datetime import date, datetime
from typing import Any

import click
from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.people.audit import Actor
from geodata.rules import council
from geodata.rules.days import LONDON, date_in_words
from geodata.rules.tables import Row, RuleTable
from web.clock import utc_now
from web.commands.core.context import open_configured_store, print_json
from web.services.settings import rule_tables, rule_withdrawals
from web.services.settings.entered_values import entered, shown
from web.services.settings.new_rows import NewRow
from web.services.settings.promise_changes import DueMove
from web.services.settings.rule_tables import Preview

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("table", required=False)
@click.option(
    "--set", "values", multiple=True, metavar="NAME=VALUE", help="A value of a new row; repeatable."
)
@click.option("--from", "first", type=DAY, help="First day of the new row.")
@click.option("--to", "last", type=DAY, help="Its last day.")
@click.option("--source", default="", help="The decision, or the Act: why the row is there.")
@click.option("--verified", is_flag=True, help="Somebody has read it in the source itself.")
@click.option("--replaces", type=int, help="The council's row that the new one corrects.")
@click.option("--withdraw", type=int, help="Undo one of the council's rows.")
@click.option("--put-back", type=int, help="Put a row back that was withdrawn.")
@click.option("--reason", default="", help="Why; --withdraw and --put-back need it.")
@click.option("--history", is_flag=True, help="List every row that the council ever entered.")
@click.option("--move-open-jobs", is_flag=True, help="Give open jobs the new due time too.")
@click.option("--dry-run", is_flag=True, help="Say what a new row would change, and save nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def rules(
    table: str | None,
    values: tuple[str, ...],
    first: datetime | None,
    last: datetime | None,
    source: str,
    replaces: int | None,
    withdraw: int | None,
    put_back: int | None,
    reason: str,
    *,
    history: bool,
    verified: bool,
    move_open_jobs: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Show the dated tables of rules, or add, correct and withdraw the council's rows.

    The pages under /admin/rules do the same. Amounts are whole pence here.

    \b
    Example:  hotspots rules working_days --set is_working=no --from 2026-12-24 --source "CAB/26/3"
    """
    is_change = bool(values or withdraw or put_back)
    store = open_configured_store()
    with store.writing() if is_change else store.reading() as session:
        if table is None:
            _print_tables(session, as_json=as_json)
            return
        if history:
            _print_history(session, table, as_json=as_json)
            return
        if withdraw and dry_run:
            _check_table(session, table, withdraw)
            seen = rule_withdrawals.preview_withdrawal(session, withdraw, _actor())
            _print_preview(seen, as_json=as_json)
            return
        if withdraw:
            _check_table(session, table, withdraw)
            rule_withdrawals.withdraw_row(session, withdraw, _actor(), reason=reason)
        elif put_back:
            _check_table(session, table, put_back)
            rule_withdrawals.put_back(session, put_back, _actor(), reason=reason)
        elif values:
            new = NewRow(
                _values(council.find_table(table), values),
                _day(first),
                _day(last),
                source,
                verified,
            )
            if dry_run:
                _print_preview(_previewed(session, table, new, replaces), as_json=as_json)
                return
            rule_tables.add_row(
                session,
                council.find_table(table),
                new,
                replaces,
                _actor(),
                moves_jobs=move_open_jobs,
            )
        _print_rows(session, table, as_json=as_json)


def _actor() -> Actor:
    return Actor(None, utc_now())


def _day(moment: datetime | None) -> date | None:
    return moment and moment.date()


def _values(table: RuleTable, pairs: tuple[str, ...]) -> dict[str, object]:
    known = {field.name: field for field in table.fields}
    values: dict[str, object] = {}
    for pair in pairs:
        name, sign, text = pair.partition("=")
        if not sign or name not in known:
            raise click.BadParameter(
                f"{pair!r}: write NAME=VALUE with one of {', '.join(known)}", param_hint="--set"
            )
        values[name] = (
            _pence(name, text) if known[name].kind == "pence" else entered(known[name], text)
        )
    return values


def _pence(name: str, text: str) -> int | None:
    """A field that is called pence takes pence, on a command line as in a file."""
    if not text.strip():
        return None
    if not text.strip().isdecimal():
        raise click.BadParameter(
            f"{name} is {text!r}: write a whole number of pence, such as 15000 for £150",
            param_hint="--set",
        )
    return int(text)


def _previewed(session: Session, table: str, new: NewRow, replaces: int | None) -> Preview:
    return rule_tables.preview(session, council.find_table(table), new, replaces, _actor())


def _check_table(session: Session, table: str, key: int) -> None:
    held = council.find(session, key).table_name
    if held != table:
        raise RefusedError(f"row {key} is of {held}, and not of {table}: name that table")


def _print_tables(session: Session, *, as_json: bool) -> None:
    tables = council.rulebook(session).tables
    if as_json:
        print_json(
            {name: {"title": each.title, "rows": len(each.rows)} for name, each in tables.items()}
        )
        return
    for name, each in tables.items():
        click.echo(f"{name:22} {each.title} ({len(each.rows)} rows)")


def _print_rows(session: Session, name: str, *, as_json: bool) -> None:
    council.find_table(name)
    table = council.rulebook(session)[name]
    today = utc_now().date()
    if as_json:
        print_json({"table": name, "title": table.title, "rows": [_record(r) for r in table.rows]})
        return
    click.echo(f"{table.title}\n")
    for row in table.rows:
        holds = "*" if row.holds_on(today) else " "
        key = f"row {row.council_key}" if row.council_key else "packaged"
        click.echo(f"{holds} {key:9} {row.valid_from or 'always'} to {row.valid_to or 'open'}")
        for field in table.fields:
            if row[field.name] is not None:
                click.echo(f"      {field.label}: {shown(field, row[field.name])}")
        click.echo(f"      {row.source}{'' if row.is_verified else ' (not verified)'}")


def _print_history(session: Session, name: str, *, as_json: bool) -> None:
    lines = rule_tables.open_table(session, name, utc_now().date()).history
    records = [
        {
            "row": line.row.id,
            "status": line.status,
            "entered_at": line.row.created_at.isoformat(),
            "by": line.who or None,
            "replaces": line.row.replaces_id,
            "source": line.row.source,
            "values": line.row.values,
            "withdrawn_at": line.row.withdrawn_at and line.row.withdrawn_at.isoformat(),
            "withdrawn_by": line.ended_by or None,
            "reason": line.ended_why or None,
        }
        for line in lines
    ]
    if as_json:
        print_json(records)
        return
    for line in lines:
        why = f" by {line.ended_by}: {line.ended_why}" if line.ended_why else ""
        entered_at = line.row.created_at.astimezone(LONDON)
        who = line.who or "the command line"
        click.echo(
            f"row {line.row.id}: entered {entered_at:%d/%m/%Y %H:%M} by {who}, {line.status}{why}. "
            f"Source: {line.row.source}"
        )


def _record(row: Row) -> dict[str, Any]:
    return {
        "key": row.council_key,
        "valid_from": row.valid_from and row.valid_from.isoformat(),
        "valid_to": row.valid_to and row.valid_to.isoformat(),
        "values": dict(row.values),
        "source": row.source,
        "verified": row.is_verified,
        "pending": row.is_pending,
    }


def _move(move: DueMove) -> dict[str, Any]:
    return {
        "job": move.key,
        "due_at": move.due_at and move.due_at.isoformat(),
        "then": move.new_due_at.isoformat(),
    }


def _print_preview(preview: Preview, *, as_json: bool) -> None:
    moves = [
        {
            "job": m.key,
            "due_at": m.due_at and m.due_at.isoformat(),
            "then": m.new_due_at.isoformat(),
        }
        for m in preview.moves
    ]
    if as_json:
        print_json({"sentence": preview.sentence, "open_jobs_if_asked": moves})
        return
    click.echo(f"Nothing is saved. {preview.sentence}.")
    if preview.examples_from:
        click.echo(
            f"{len(preview.promises)} of 14 example reports of the 7 days from "
            f"{date_in_words(preview.examples_from)} fall due at another "
            f"time. Open jobs keep theirs; with --move-open-jobs {len(moves)} would change."
        )
