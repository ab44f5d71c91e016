"""Any module may be the first that is imported: each command, and each worker, begins elsewhere."""

from graphlib import TopologicalSorter

import grimp


def _packages_of(module: str) -> set[str]:
    parts = module.split(".")
    return {".".join(parts[:count]) for count in range(1, len(parts))}


def test_no_module_waits_for_one_that_waits_for_it() -> None:
    """To import ``a.b.c`` runs ``a.b`` first: a package that gathers its modules is one of them."""
    graph = grimp.build_graph(
        "hotspots", "geodata", "web", exclude_type_checking_imports=True, cache_dir=None
    )

    needs = {}
    for module in graph.modules:
        named = graph.find_modules_directly_imported_by(module)
        opened = named.union(*map(_packages_of, named))
        needs[module] = opened - _packages_of(module) - {module}

    TopologicalSorter(needs).prepare()  # raises CycleError, which names the modules
