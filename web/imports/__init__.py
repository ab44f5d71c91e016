"""Files into the store by a page: sent, looked at, taken in, and out again.

Start with `pages`: the list and its form. `held` shows a file that waits.
"""

from web.imports import held, pages
from web.imports.blueprint import imports

__all__ = ["held", "imports", "pages"]
