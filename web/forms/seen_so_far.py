"""A form of a record to which others add: what stood on the page when it was opened.

Two people may have one case open. Who comes second is told what was added meanwhile; what they
entered stays in the form.
"""

from flask_wtf import FlaskForm
from wtforms import HiddenField


class SeenSoFar(FlaskForm):  # type: ignore[misc]
    """Carries how many entries the page showed."""

    seen = HiddenField()

    def is_stale(self, entries: int) -> bool:
        """Whether it was sent from a page that showed other entries; the next one shows these.

        A form that does not say what its page showed counts as stale.
        """
        shown, self.seen.data = self.seen.data, str(entries)
        return bool(self.is_submitted() and shown != str(entries))
