"""Whose a recommendation or an item of work is: a post, since its paper is published."""

import re

from flask_wtf import FlaskForm
from wtforms import Field, ValidationError

from web.forms.impersonal import Impersonal

_POSTS = (
    "manager officer head director lead leader team teams service services unit council councillor "
    "councillors police warden wardens inspector sergeant constable superintendent committee board "
    "partnership chair secretary clerk contractor crew cabinet member members portfolio holder "
    "coordinator supervisor analyst enforcement safety community waste streets street housing "
    "highways health licensing legal communications press parks school schools trust authority "
    "association agency commander department division office company limited ltd"
)
POSTS = frozenset(_POSTS.split())
_RANKS = frozenset(
    {"inspector", "sergeant", "constable", "superintendent", "councillor", "cllr", "pc"}
)
WORD = re.compile(r"[^\W\d_][\w'’-]*")


class Post(Impersonal):
    """Validator: nobody's name, nor what may be one that no list has: two or three words, each with
    a capital, none of which is of a post or a body; nor a rank with a name behind it."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        super().__call__(form, field)
        words = WORD.findall(field.data or "")
        is_of_names = len(words) in (2, 3) and all(word[0].isupper() for word in words)
        if (is_of_names and not _posts_among(words)) or _is_rank_with_name(words):
            raise ValidationError(
                f"“{field.data}” may be somebody’s name: write the post, such as Community safety "
                "manager, or the body, such as Kent Police"
            )


def _posts_among(words: list[str]) -> set[str]:
    return {word.lower() for word in words} & POSTS


def _is_rank_with_name(words: list[str]) -> bool:
    """Such as Inspector Brown, and not Inspector alone or Constable Support Team."""
    if len(words) < 2 or words[-2].lower() not in _RANKS:
        return False
    return words[-1][0].isupper() and not _posts_among(words[-1:])
