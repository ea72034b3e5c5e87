"""Small logs, imported from their text."""

from pathlib import Path

import pytest

from ioc.events.base import AnyEvent
from ioc.importing.mapping import load
from ioc.importing.run import Report, import_file
from tests.ioc.importing.logs import Import


@pytest.fixture
def imported(tmp_path: Path) -> Import:
    """Import a log from the text of its mapping and its bytes."""

    def run(mapping_text: str, log: str | bytes, name: str = "log") -> tuple[list[AnyEvent], Report]:
        (tmp_path / "mapping.toml").write_text(mapping_text, "utf-8")
        (tmp_path / name).write_bytes(log if isinstance(log, bytes) else log.encode())
        return import_file(load(str(tmp_path / "mapping.toml")), tmp_path / name)

    return run
