"""What speakers said of the pages' translations."""

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.core.base import Base, Instant, Key
from geodata.core.types import Document


class TranslatedText(Base):
    """A text of the pages in one language, as a speaker left it.

    A change is a new row: the newest of a language and an English text counts, the others are
    history. Another English text is another key, so that its translation waits to be approved.
    """

    __tablename__ = "translated_text"

    id: Mapped[Key]
    language: Mapped[str] = mapped_column(String(8), index=True)
    """Its code, as in HTML."""
    source: Mapped[str] = mapped_column(Text)
    """The English text as the program has it."""
    texts: Mapped[list[str]] = mapped_column(Document)
    """The translation; several where the language has several forms for numbers."""
    is_approved: Mapped[bool]
    """Whether the speaker says that it is right."""
    by_link: Mapped[bool] = mapped_column(default=False)
    """Whether a speaker said so who has no account; ``user_id`` is then who sent the link."""
    made_at: Mapped[Instant]
    """When the speaker saved it."""
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
