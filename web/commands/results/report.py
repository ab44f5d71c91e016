"""``hotspots report committee``."""

from datetime import datetime
from pathlib import Path

import click

from geodata.basemap.kept import Basemap, find
from geodata.people.audit import Actor
from geodata.store import word_templates
from geodata.store.engine import Store
from web.basemap import basemap_path
from web.clock import utc_now
from web.commands.core.context import open_configured_store, print_json, working
from web.config import Config, load_config
from web.council import name_in
from web.services.committee import compiling
from web.services.committee.drawn.files import FILES, file_name
from web.services.committee.drawn.word_template import checked_template
from web.services.committee.report_period import report_period
from web.services.partnership.comparison_table import Audience

DAY = click.DateTime(["%Y-%m-%d"])


def _formats(_: click.Context, __: click.Parameter, text: str) -> list[str]:
    """The formats of a list with commas, each once, in its order."""
    names = [name.strip().lower() for name in text.split(",")]
    for name in names:
        if name not in FILES:
            raise click.BadParameter(f"{name!r} is no format: choose of {', '.join(FILES)}")
    return list(dict.fromkeys(names))


@click.group()
def report() -> None:
    """Write a report.

    \b
    Example:  hotspots report committee --from 2026-04-01 --to 2026-09-30
    """


@report.command()
@click.option("--from", "first", type=DAY, required=True, help="First day.")
@click.option("--to", "last", type=DAY, required=True, help="Last day; it must be over.")
@click.option(
    "--audience",
    type=click.Choice([each.value for each in Audience]),
    default=Audience.PUBLIC.value,
    show_default=True,
    help="The public version lacks what is exempt or too small.",
)
@click.option(
    "--format",
    "formats",
    default=",".join(FILES),
    show_default=True,
    callback=_formats,
    help="Which files, with commas between.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Folder for the files; made where it is not there.",
)
@click.option(
    "--template",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Word file (DOCX) whose styles and edges are taken; without it, the one of the store.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the files' names as JSON.")
def committee(
    first: datetime,
    last: datetime,
    audience: str,
    formats: list[str],
    output: Path,
    template: Path | None,
    *,
    as_json: bool,
) -> None:
    """Write the report to the committee, as files to take along.

    That the exempt version was made stands in the audit log.

    \b
    Example:  hotspots report committee --from 2026-04-01 --to 2026-09-30 --format docx,pdf -o pack
    """
    now, config, version = utc_now(), load_config(), Audience(audience)
    period = report_period(first.date(), last.date(), now=now)
    given = checked_template(template.read_bytes()) if template else None
    store = open_configured_store()
    with working("Reckoning the figures …"), store.reading() as session:
        compiled = compiling.compile_report(
            session,
            first=period.first,
            last=period.last,
            audience=version,
            council=name_in(session, config),
            basemap=_ground(config, store),
            now=now,
        )
        layout = given or word_templates.content(session)
    if version is Audience.EXEMPT:
        with store.writing() as session:
            compiling.note_reading(session, period, ",".join(formats), Actor(None, now))
    output.mkdir(parents=True, exist_ok=True)
    written = [output / file_name(period, version, name) for name in formats]
    for name, path in zip(formats, written, strict=True):
        path.write_bytes(FILES[name].draw(compiled, now, layout))
    if as_json:
        print_json({"files": [str(path) for path in written]})
    else:
        click.echo("\n".join(map(str, written)))


def _ground(config: Config, store: Store) -> Basemap | None:
    return find(basemap_path(config, store).absolute())
