"""The store itself: opened, migrated, leased to one worker, and its own settings.

Imports `core`, `models`, `migrations`. Start with `engine`.
"""
