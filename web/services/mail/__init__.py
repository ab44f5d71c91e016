"""The words of the mails, and sending them.

Imports `common`. Start with `letters`.
"""
