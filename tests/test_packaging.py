"""What a user installs: the four packages and the wall's page, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.needs import REPOSITORY

STATIC = REPOSITORY / "dashboards" / "wall" / "static"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built offline by the locked hatchling."""
    target = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
    )
    (built,) = target.glob("district_ioc-*.whl")
    return zipfile.ZipFile(built)


def _code(wheel: zipfile.ZipFile) -> list[Path]:
    return [Path(name) for name in wheel.namelist() if ".dist-info" not in name]


def test_the_wheel_holds_exactly_the_four_packages(wheel: zipfile.ZipFile) -> None:
    assert {path.parts[0] for path in _code(wheel)} == {"ioc", "detectors", "streams", "dashboards"}


def test_the_wheel_holds_the_built_page_and_not_its_sources(wheel: zipfile.ZipFile) -> None:
    inside = {REPOSITORY / path for path in _code(wheel)}
    built = {path for path in STATIC.rglob("*") if path.is_file() and not path.name.startswith(".")}

    assert built <= inside
    assert not {path for path in inside if (REPOSITORY / "dashboards" / "wall" / "web") in path.parents}


def test_the_wheel_holds_the_locks_of_the_embedded_servers(wheel: zipfile.ZipFile) -> None:
    locks = {path.name for path in _code(wheel) if path.suffix == ".lock"}

    assert {"java.lock", "kafka.lock", "redis.lock", "node.lock"} <= locks


def test_the_wheel_carries_its_licence(wheel: zipfile.ZipFile) -> None:
    assert any(name.endswith("licenses/LICENSE") for name in wheel.namelist())
