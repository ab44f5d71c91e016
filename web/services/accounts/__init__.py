"""Accounts: signing in, second factors, single sign-on, and who changes whose rights.

Work that is slow on purpose (argon2) and the network lie between transactions, never inside one.
Start with `signing_in` and `management`.
"""

ENTITY = "account"
"""What the audit log calls all of this."""
