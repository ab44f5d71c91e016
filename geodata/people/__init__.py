"""Reporters' contacts, followers, mails, holds, the audit log, and personal data in free text.

Imports `core`, `models`, `rules`. Start with `audit`; `texts` finds people in free text.
"""
