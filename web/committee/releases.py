"""What was frozen: members of the committee read it, the exempt version where they may."""

from __future__ import annotations

from flask import g, render_template
from flask.typing import ResponseReturnValue

from geodata.store import committee_papers
from web.auth import actor
from web.committee.blueprint import audiences, check_may_read, committee, readers
from web.committee.paper import file_answer, paper_page, picture_answer
from web.database import commits, read_session
from web.services.committee import drafting
from web.services.committee.annual import whole_years


@committee.get("/releases")
@readers
def releases() -> ResponseReturnValue:
    rows = committee_papers.releases(read_session(), audiences())
    return render_template("committee/releases.html", releases=rows, years=whole_years(rows))


@committee.get("/release/<int:key>")
@readers
def release(key: int) -> ResponseReturnValue:
    row = committee_papers.release(read_session(), key)
    check_may_read(row.audience)
    page = paper_page("committee/release.html", drafting.release_document(row), row, "release")
    note_reading(key, row.audience, "page")
    return page


@committee.get("/release/<int:key>/report.<form>")
@readers
def release_file(key: int, form: str) -> ResponseReturnValue:
    row = committee_papers.release(read_session(), key)
    check_may_read(row.audience)
    answer = file_answer(drafting.release_document(row), row, form)
    note_reading(key, row.audience, form)
    return answer


@committee.get("/release/<int:key>/<name>.png")
@readers
def release_picture(key: int, name: str) -> ResponseReturnValue:
    row = committee_papers.release(read_session(), key)
    check_may_read(row.audience)
    return picture_answer(drafting.release_document(row), name)


def note_reading(key: int, audience: str, form: str) -> None:
    """After the work, so that the writer's lock is held for one row."""
    if audience != "public":
        _write_note(key, audience, form)


@commits
def _write_note(key: int, audience: str, form: str) -> None:
    drafting.note_reading(g.session, key, audience, form, actor())
