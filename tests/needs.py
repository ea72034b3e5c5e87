"""What a test needs from the machine: there, or the reason why the test says nothing here."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

REPOSITORY = Path(__file__).parents[1]


def absent(reason: str) -> NoReturn:
    """Skip the test; fail it where nothing optional may be absent (IOC_REQUIRE_ALL=1, as in CI)."""
    if os.environ.get("IOC_REQUIRE_ALL") == "1":
        pytest.fail(f"{reason} (IOC_REQUIRE_ALL=1 forbids a skip)")
    pytest.skip(reason)


def needs(*names: str) -> Path:
    """The first of these programs that the machine has; without one, the test is skipped or fails."""
    for name in names:
        if found := shutil.which(name):
            return Path(found)
    absent(f"needs {' or '.join(names)}, which is not installed")


def shared_data_directory() -> Path | None:
    """Recorded data that is not part of the project: IOC_SHARED_DATA, or beside the checkout."""
    directory = Path(os.environ.get("IOC_SHARED_DATA") or REPOSITORY.parent / "shared" / "data")
    return directory if directory.is_dir() else None
