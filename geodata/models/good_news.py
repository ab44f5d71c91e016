from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from geodata.core.base import Base, Code, Instant, Key, Line
from geodata.core.types import Document


class GoodNews(Base):
    """A success that was found in the record; its state and words are those of its last event."""

    __tablename__ = "good_news"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(120), unique=True)
    """What it is about, so that one success is proposed once."""
    kind: Mapped[Code]
    """``gone``: a hotspot. ``in_time``: the promise kept. ``cylinders``: fewer. ``effect``."""
    ward: Mapped[Line]
    """Where; empty: the whole borough."""
    figures: Mapped[list[list[str]]] = mapped_column(Document)
    """What the picture shows: pairs of a number and its words."""
    proposed_at: Mapped[Instant]
    """When the program found it."""


class GoodNewsEvent(Base):
    """What the press office made of a success, in which words. Append-only."""

    __tablename__ = "good_news_event"

    id: Mapped[Key]
    news_id: Mapped[int] = mapped_column(ForeignKey("good_news.id"), index=True)
    """The success that it is about."""
    at: Mapped[Instant]
    """When it was done."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """Whose account did it; empty where the program did."""
    state: Mapped[Code]
    """``proposed``, ``approved``, ``rejected`` or ``withdrawn``."""
    title: Mapped[str] = mapped_column(String(120))
    """The heading, as it reads from then on."""
    text: Mapped[str] = mapped_column(String(280))
    """The post, as it reads from then on."""
    alt: Mapped[str] = mapped_column(String(300))
    """What the picture shows, for those who do not see it."""
