"""Notices and letters to print: seen as a page first, then as PDF."""

from flask import Response, current_app, g, render_template, url_for
from flask.typing import ResponseReturnValue

from web.auth import actor
from web.database import commits
from web.enforcement.blueprint import enforcement, enforcers_only
from web.services.enforcement import notice_letters as use_case
from web.services.enforcement.notice_letters import Letter


@enforcement.get("/notices/<reference>/letters/<letter>")
@enforcers_only
@commits
def notice_letter(reference: str, letter: str) -> ResponseReturnValue:
    composed, _ = _composed(reference, letter)
    file = url_for(".notice_letter_pdf", reference=reference, letter=letter)
    return render_template(
        "enforcement/letter.html", letter=composed, reference=reference, file=file
    )


@enforcement.get("/notices/<reference>/letters/<letter>.pdf")
@enforcers_only
@commits
def notice_letter_pdf(reference: str, letter: str) -> ResponseReturnValue:
    composed, (council, mark) = _composed(reference, letter)
    content = use_case.as_pdf(composed, council=council, foot=mark or reference)
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f"attachment; filename={letter}-{reference}.pdf"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _composed(reference: str, letter: str) -> tuple[Letter, tuple[str, str]]:
    context: dict[str, str] = {}
    current_app.update_template_context(context)
    council = context["council_name"]
    composed = use_case.compose(g.session, reference, letter, actor(), council=council)
    return composed, (council, context["demo_mark"])
