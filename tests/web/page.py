"""A page as a reader has it: headings, tables, links, forms and errors, but no markup.

    page = Page.of(client.get("/officer/incidents"))
    assert [row["State"] for row in page.table("Incidents").rows] == ["Open"]

Tests that ask this go on holding when a component draws the same content in other elements.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from typing import Self
from xml.etree.ElementTree import Element, TreeBuilder

from werkzeug.test import TestResponse

VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
"""They have no end tag (HTML Living Standard, 13.1.2)."""
INLINE = frozenset({"a", "abbr", "b", "code", "em", "i", "small", "span", "strong", "sub", "sup"})
UNREAD = frozenset({"script", "style", "template", "noscript"})
HEADINGS = ("h1", "h2", "h3", "h4")


class _Tree(HTMLParser):
    """Elements of a page; refuses tags that do not match, which browsers would repair by guess."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self._builder = TreeBuilder()
        self._open: list[str] = []
        self._builder.start("document", {})
        self.feed(html)
        self.close()
        assert not self._open, f"never closed: {self._open}"
        self._builder.end("document")
        self.root = self._builder.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self._builder.end(tag)
        else:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._builder.start(tag, {name: value or "" for name, value in attrs})
        self._builder.end(tag)  # <path/> inside a drawing

    def handle_endtag(self, tag: str) -> None:
        at = f"line {self.getpos()[0]}"
        assert self._open, f"{at}: </{tag}> closes nothing"
        assert self._open[-1] == tag, f"{at}: </{tag}> where </{self._open[-1]}> is due"
        self._open.pop()
        self._builder.end(tag)

    def handle_data(self, data: str) -> None:
        self._builder.data(data)


def _pieces(element: Element) -> Iterator[str]:
    if element.tag in UNREAD:
        return
    gap = "" if element.tag in INLINE else " "  # neighbours in a table or list are not one word
    yield gap + (element.text or "")
    for child in element:
        yield from _pieces(child)
        yield child.tail or ""
    yield gap


def text_of(element: Element) -> str:
    """What is read in an element, with single spaces."""
    return " ".join("".join(_pieces(element)).split())


def _classes(element: Element) -> list[str]:
    return element.get("class", "").split()


def _with_class(element: Element, name: str) -> list[Element]:
    return [each for each in element.iter() if name in _classes(each)]


@dataclass(frozen=True)
class Link:
    """A link's words and where it leads; whether it is marked as the place where one is."""

    text: str
    href: str
    is_current: bool = False


@dataclass(frozen=True)
class Image:
    """A picture's address, and the words for who does not see it."""

    src: str
    alt: str


@dataclass(frozen=True)
class Table:
    """A table; a cell that spans columns stands below each of them."""

    caption: str
    columns: list[str]
    cells: list[list[str]]
    links: list[list[Link]]
    """Of each row."""

    @property
    def rows(self) -> list[dict[str, str]]:
        """Each row by the words of its columns."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.cells]

    def column(self, name: str) -> list[str]:
        """A column from top to bottom."""
        return [row[name] for row in self.rows]


@dataclass(frozen=True)
class Field:
    """A field of a form as it is filled in; of check boxes and radios, all that bear its name."""

    kind: str
    values: list[str]
    choices: list[str]
    error: str
    chosen: str
    """The words of the option that is chosen in a list."""

    @property
    def value(self) -> str:
        """Its one value; empty where nothing is filled in or chosen."""
        assert len(self.values) < 2, self.values
        return self.values[0] if self.values else ""


class Page:
    """A whole page."""

    def __init__(self, html: str) -> None:
        self.root = _Tree(html).root

    @classmethod
    def of(cls, response: TestResponse) -> Self:
        """The page of a response, which must be one."""
        assert response.mimetype == "text/html", (response.status, response.location)
        return cls(response.text)

    @cached_property
    def main(self) -> Element:
        """Where the content is, without the bar and the footer."""
        element = self.root.find(".//main")
        return self.root if element is None else element

    @property
    def title(self) -> str:
        """What the browser's tab says."""
        return text_of(next(self.root.iter("title")))

    @property
    def heading(self) -> str:
        """The one heading of the first level."""
        (first,) = self.root.iter("h1")
        return text_of(first)

    @property
    def headings(self) -> list[str]:
        """Headings of the content, in the order of the page."""
        return [text_of(each) for each in self.main.iter() if each.tag in HEADINGS]

    @property
    def text(self) -> str:
        """All that is read in the content."""
        return text_of(self.main)

    @property
    def links(self) -> list[Link]:
        """Links of the content."""
        return _links(self.main)

    @property
    def all_links(self) -> list[Link]:
        """Links of the whole page, the bar and the footer among them."""
        return _links(self.root)

    def link(self, text: str) -> str:
        """Where the one link of these words leads."""
        leads = {link.href for link in self.all_links if link.text == text}
        assert len(leads) == 1, f"{text!r}: {leads or [link.text for link in self.all_links]}"
        return leads.pop()

    def links_in(self, class_: str) -> list[Link]:
        """Links of the one part of the page that bears a class; none where it is not there."""
        parts = _with_class(self.root, class_)
        assert len(parts) < 2, f"{len(parts)} parts are {class_}"
        return _links(parts[0]) if parts else []

    def leads_to(self, address: str) -> bool:
        """Whether a link of the whole page leads there."""
        return any(link.href == address for link in self.all_links)

    @property
    def images(self) -> list[Image]:
        """Pictures of the content."""
        return [Image(each.get("src", ""), each.get("alt", "")) for each in self.main.iter("img")]

    @property
    def tables(self) -> list[Table]:
        return [_table(each) for each in self.main.iter("table")]

    def table(self, caption: str) -> Table:
        """The one table whose caption begins so."""
        tables = [table for table in self.tables if table.caption.startswith(caption)]
        assert len(tables) == 1, f"{caption!r} in {[table.caption for table in self.tables]}"
        return tables[0]

    @property
    def summary(self) -> dict[str, str]:
        """Terms and values of the content's summary lists."""
        return {
            text_of(term): text_of(value)
            for each in self.main.iter("dl")
            for row in _with_class(each, "govuk-summary-list__row")
            for term, value in [(row.find("dt"), row.find("dd"))]
            if term is not None and value is not None
        }

    @property
    def tags(self) -> list[str]:
        """Words of the coloured tags of states."""
        return [text_of(each) for each in _with_class(self.main, "govuk-tag")]

    @property
    def tag_colours(self) -> list[str]:
        """Colours of the tags; none is named for the usual blue."""
        return [
            name.removeprefix("govuk-tag--")
            for each in _with_class(self.main, "govuk-tag")
            for name in _classes(each)
            if name.startswith("govuk-tag--")
        ]

    @property
    def error_summary(self) -> list[Link]:
        """What is wrong, with where each link leads; empty where nothing is."""
        return [
            Link(text_of(item), next((a.get("href", "") for a in item.iter("a")), ""))
            for box in _with_class(self.root, "govuk-error-summary")
            for item in box.iter("li")
        ]

    @property
    def errors(self) -> dict[str, str]:
        """The message at each wrong field, by the field's id."""
        return {
            each.get("id", "").removesuffix("-error"): text_of(each).removeprefix("Error: ")
            for each in _with_class(self.main, "govuk-error-message")
        }

    @property
    def fields(self) -> dict[str, Field]:
        """Fields of the content's forms by their names."""
        named: dict[str, list[Element]] = {}
        for each in self.main.iter():
            if each.tag in {"input", "select", "textarea"} and each.get("name"):
                named.setdefault(each.get("name", ""), []).append(each)
        return {name: self._field(name, elements) for name, elements in named.items()}

    @property
    def typed(self) -> set[str]:
        """All that the content's fields hold."""
        return {value for field in self.fields.values() for value in field.values}

    @property
    def actions(self) -> list[str]:
        """Where the content's forms are sent, in the order of the page."""
        return [each.get("action", "") for each in self.main.iter("form")]

    def value(self, name: str) -> str:
        """The one value of a field."""
        return self.fields[name].value

    def _field(self, name: str, elements: list[Element]) -> Field:
        values: list[str] = []
        choices: list[str] = []
        for each in elements:
            filled, offered = _filled(each)
            values += filled
            choices += offered
        names = [name, *(each.get("id", "") for each in elements)]
        error = next((self.errors[each] for each in names if each in self.errors), "")
        kind = elements[0].get("type", "text") if elements[0].tag == "input" else elements[0].tag
        options = [option for each in elements for option in each.iter("option")]
        chosen = next((text_of(option) for option in options if _value(option) in values), "")
        return Field(kind, values, choices, error, chosen)


def _links(element: Element) -> list[Link]:
    return [
        Link(text_of(a), a.get("href", ""), bool(a.get("aria-current")))
        for a in element.iter("a")
        if a.get("href")
    ]


def _filled(element: Element) -> tuple[list[str], list[str]]:
    """Values that an element sends, and those that it offers."""
    if element.tag == "textarea":
        return [(element.text or "").removeprefix("\n")], []
    if element.tag == "select":
        options = list(element.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None]
        if element.get("multiple") is None:
            chosen = chosen[-1:] or options[:1]
        return [_value(option) for option in chosen], [_value(option) for option in options]
    if element.get("type") in {"radio", "checkbox"}:
        value = element.get("value", "on")
        return ([value] if element.get("checked") is not None else []), [value]
    return [element.get("value", "")], []


def _value(option: Element) -> str:
    return option.get("value", text_of(option))


def _table(element: Element) -> Table:
    head = element.find("thead")
    caption = element.find("caption")
    titles = [] if head is None else list(head.iter("tr"))
    rows = [row for row in element.iter("tr") if row not in titles]
    return Table(
        caption="" if caption is None else text_of(caption),
        columns=_cells(titles[-1]) if titles else [],
        cells=[_cells(row) for row in rows],
        links=[_links(row) for row in rows],
    )


def _without_label(cell: Element) -> Element:
    rest = Element(cell.tag)
    rest.text = cell.text
    rest.extend(each for each in cell if "cards__label" not in _classes(each))
    return rest


def _cells(row: Element) -> list[str]:
    """Texts of a row's cells, without the heading that stands again in a cell of a card."""
    return [
        text_of(_without_label(cell))
        for cell in row
        if cell.tag in {"td", "th"}
        for _ in range(int(cell.get("colspan", "1")))
    ]
