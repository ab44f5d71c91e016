"""Accounts: names, rights, passwords, second factors, sessions, invitations and keys of the API.

Imports `people`, `core`, `models`, `rules`. Start with `users`.
"""
