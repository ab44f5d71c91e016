"""Detection runs: found, kept, named, compared; what a run reads of the store and leaves for pages.

Imports no other room. Start with `detecting`.
"""
