"""The pages' languages: which one a request is answered in, and the pages where they are checked.

``choosing`` decides for each request; ``board`` is the managers' page, which switches languages on
and sends links to speakers; ``checking`` is where a speaker reads the texts side by side.
"""

from web.languages import board, checking
from web.languages.blueprint import languages
from web.languages.choosing import register

__all__ = ["board", "checking", "languages", "register"]
