"""What a council decides: settings with their days, rule tables, contracts, the first steps.

May import what stands below `admin`. Start with `council_settings`.
"""
