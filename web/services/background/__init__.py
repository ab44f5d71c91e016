"""What runs by itself, as often as the clock or `hotspots tick` asks: mails, upkeep, other systems.

May import every other room except `api`. Start with `ticking`.
"""
