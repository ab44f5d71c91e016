"""The council's own settings and rule tables, files in and out, and background work.

May import every other room. Start with `ticking` for what runs by itself.
"""
