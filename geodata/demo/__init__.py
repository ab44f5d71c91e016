"""Synthetic content for the demonstration: a borough that is like Dartford, and is not Dartford.

Names and positions of places are real and approximate; wards, dumps, notices and dates of what
was done are made up. Every row says so: its ``external_ref`` begins with ``SYNTHETIC``.
"""

MARK = "SYNTHETIC"
NOTE = "Synthetic demo data."
PASSWORD = "synthetic-demo"  # noqa: S105 - of the demo alone, shown on its sign-in page
ACCOUNTS = ("officer", "contractor", "manager", "admin", "partner", "member")
"""Names of the demo's accounts, each also its role."""
MAY_READ_ENFORCEMENT = ("officer", "manager")
"""The manager gives the permission to others, and reads all of the audit log."""
ISSUER = "CEO-01"
"""Badge of the demo's officer."""
