"""You said, we did: by ward, what was released and what the press office approved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from geodata import frames
from geodata.core.vocabulary import NewsState
from geodata.store import good_news
from geodata.store.good_news import NewsItem
from web.services.publishing.public_figures import MonthFigures, WardFigures, published


@dataclass(frozen=True)
class WardNews:
    """A ward with its figures of the year released last (None: none), and its news."""

    name: str
    figures: WardFigures | None
    news: tuple[NewsItem, ...]


@dataclass(frozen=True)
class YouSaid:
    """``year`` names the year of the wards' figures; empty: none is released. ``begins`` is the
    month in which the record does, where it does not hold that year whole."""

    month: MonthFigures | None
    borough: tuple[NewsItem, ...]
    year: str
    wards: tuple[WardNews, ...]
    begins: str = ""


def you_said(session: Session, today: date) -> YouSaid:
    """All wards of today, in the alphabet's order, those without news too."""
    figures, items = published(session), approved(session)
    year = figures.years[-1] if figures.years else None
    of_ward = {ward.name: ward for ward in year.wards} if year else {}
    names = sorted(frames.wards(session, today)["name"])
    return YouSaid(
        figures.months[-1] if figures.months else None,
        _in(items, ""),
        year.name if year else "",
        tuple(WardNews(name, of_ward.get(name), _in(items, name)) for name in names),
        year.begins if year else "",
    )


def approved(session: Session) -> Sequence[NewsItem]:
    """What the public sees, the newest first."""
    return good_news.every(session, NewsState.APPROVED)


def _in(items: Sequence[NewsItem], ward: str) -> tuple[NewsItem, ...]:
    return tuple(item for item in items if item.ward == ward)
