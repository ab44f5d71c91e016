"""A partnership's pages: its member councils side by side. Start with `pages`."""

from web.county.pages import county, register_county

__all__ = ["county", "register_county"]
