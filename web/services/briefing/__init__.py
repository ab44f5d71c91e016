"""The daily briefing of the community-safety unit: one side of paper, read in two minutes.

Imports `patrols`, `posters`, `enforcement`, `clearing`, `hotspots`, `mail` and `common`. Start with
`daily_briefing`.
"""
