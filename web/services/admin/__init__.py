"""The audit log, people's data, retention, exports and the demo.

May import every room but `background` and `api`. Start with `retention` for what is kept how long.
"""
