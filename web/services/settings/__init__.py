"""What a council decides: settings and contacts with their days, rules, contracts, first steps.

May import what stands below `admin`. Start with `council_settings`.
"""
