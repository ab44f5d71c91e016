"""What a request passes before and after a page: proxies, bounds, headers, logs, health, ticks.

Start with `serving`, which `hotspots serve` calls.
"""
