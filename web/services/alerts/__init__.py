"""Who is notified, of what, and when.

Imports `clearing`, `enforcement`, `incidents`, `mail`, `posters`. Start with `notifications`.
"""
