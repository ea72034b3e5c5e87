"""The rules of who may import whom, as declared in pyproject.toml, hold."""

import grimp
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.needs import REPOSITORY

PACKAGES = ("ioc", "detectors", "streams", "dashboards")


def test_the_import_contracts_are_kept() -> None:
    status = lint_imports(config_filename=str(REPOSITORY / "pyproject.toml"), cache_dir=None)

    assert status == EXIT_STATUS_SUCCESS


def test_nothing_imports_the_command_line() -> None:
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    command_line = {"ioc.cli", *_below(graph, "ioc.cli")}

    importers = {
        importer
        for module in command_line & graph.modules
        for importer in graph.find_modules_that_directly_import(module)
    }

    assert importers - command_line - {"ioc.__main__"} == set()


def _below(graph: grimp.ImportGraph, module: str) -> set[str]:
    return graph.find_descendants(module) if module in graph.modules else set()
