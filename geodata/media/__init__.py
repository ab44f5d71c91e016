"""Pictures from strangers: decoded, written anew, kept and moderated.

Imports `core`, `models`. Start with `pictures`.
"""
