"""Pages of the press office: successes that the record shows, approved in its words, or not.

Start with `decisions`; the use cases are in `web.services.good_news`.
"""

from web.press.decisions import press

__all__ = ["press"]
