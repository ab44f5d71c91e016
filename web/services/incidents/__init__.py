"""Which incident a report belongs to, live and in batch; what officers decide by hand.

Imports no other room. Start with `incident_assignment`.
"""
