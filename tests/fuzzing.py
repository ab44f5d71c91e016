"""How long parsers are fuzzed: a few dozen examples in CI, the same each time; more by hand.

HOTSPOTS_FUZZ=20000 python -m pytest -n0 -k fuzzed
"""

import os

from hypothesis import HealthCheck, settings

EXAMPLES = int(os.environ.get("HOTSPOTS_FUZZ", "40"))

fuzzed = settings(
    max_examples=EXAMPLES,
    derandomize="HOTSPOTS_FUZZ" not in os.environ,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
