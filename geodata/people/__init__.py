"""Accounts, reporters' contacts, mails, the audit log, and personal data in free text.

Imports `core`, `models`, `rules`. Start with `users`; `texts` finds people in free text.
"""
