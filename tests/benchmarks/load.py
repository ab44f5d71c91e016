"""How many reports a second two hosts take before somebody waits: some minutes, by hand.

Two ``hotspots serve`` behind one nginx, as the operator's manual has them, on one store; reports
are sent faster and faster until one in a hundred waits longer than a second or is refused.

    python -m tests.benchmarks.load --url postgresql+psycopg://user:password@127.0.0.1/empty
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from geodata.store.engine import open_store
from tests.benchmarks.waiting import Reporters, environment, fill, run, write_file
from tests.web.nginx import behind_nginx, trusting

BEARABLE_S = 1.0
DURATION_S = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True, help="an empty store")
    parser.add_argument("--hosts", type=int, default=2)
    parser.add_argument("--before", type=int, default=40_000, help="reports there are already")
    parser.add_argument("--per-s", type=float, nargs="+", default=[1, 2, 5, 10, 15, 20, 30, 40])
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    store = open_store(chosen.url, create=True)
    keys = iter(fill(store, int(DURATION_S * sum(chosen.per_s)) + 100))
    store.close()
    run(chosen.url, "import", "reports", write_file(folder / "before.csv", chosen.before, 1))
    environ = environment(chosen.url) | {
        "HOTSPOTS_TRUSTED_PROXIES": "1",
        "HOTSPOTS_PROXY_ADDRESSES": "127.0.0.1",
    }
    print("| a second | took s | reports | p50 s | p99 s | longest s | refused | health s |")
    print("|---|---|---|---|---|---|---|---|")
    with behind_nginx(folder, environ, hosts=chosen.hosts) as proxied:
        site = f"https://127.0.0.1:{proxied.https}"
        warm = Reporters(site, keys, 1, tls=trusting())
        for _ in range(10):
            warm._send()
        for per_s in chosen.per_s:
            reporters, began = Reporters(site, keys, per_s, tls=trusting()), time.monotonic()
            with reporters.sending():
                time.sleep(DURATION_S)
            print(reporters.line(f"{per_s:g}", time.monotonic() - began), flush=True)
            if reporters.refused or np.quantile(reporters.waits_s, 0.99) > BEARABLE_S:
                break


if __name__ == "__main__":
    main()
