"""The report as one HTML file that needs nothing beside it."""

from base64 import b64encode
from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader

from web.services.committee.document import Document, Figure


def as_html(report: Document) -> bytes:
    """The report with its map inside; its marking is on top, and on each printed page."""
    template = _templates().get_template("committee/file.html")
    return template.render(report=report, kinds=kind_of, picture=_inside).encode()


def kind_of(block: object) -> str:
    """What a block is, as the templates ask: heading, paragraph, note, bullets, table, figure."""
    return type(block).__name__.lower()


def _inside(figure: Figure) -> str:
    return f"data:image/png;base64,{b64encode(figure.png).decode()}"


@cache
def _templates() -> Environment:
    components = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    return Environment(
        loader=ChoiceLoader([PackageLoader("web"), components]),
        autoescape=True,
        extensions=["jinja2.ext.do"],
    )
