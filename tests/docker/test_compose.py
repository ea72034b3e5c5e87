"""The compose file is what both generations of docker compose understand, and what it starts is what there is.

No engine runs here: images are not built and nothing is started.
"""

import os
import re
import shlex
import subprocess
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer

from dashboards.scrape import JOBS, containers
from ioc.cli import GROUPS
from tests.needs import REPOSITORY, needs

DOCKER = REPOSITORY / "docker"
OURS = ("topics", "worker", "read-model", "wall", "doctor")
#: Services that end by themselves: they have no health.
ONCE = ("topics", "doctor")
NAMES = (*OURS, "kafka", "redis", "proxy", "prometheus", "grafana")
every_service = pytest.mark.parametrize("name", NAMES)


def _config(*options: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("IOC_")}
    file = str(DOCKER / "compose.yaml")
    command = [str(needs("docker-compose")), "-f", file, "--profile", "tools", "config", *options]
    return subprocess.run(command, capture_output=True, text=True, env=environment)


@cache
def _services() -> dict[str, Any]:
    """The services as docker-compose understands them, anchors and variables resolved."""
    yaml: Any = import_module("yaml")
    found: dict[str, Any] = yaml.safe_load(_config().stdout)["services"]
    return found


def test_docker_compose_has_nothing_to_say_against_it() -> None:
    done = _config("--quiet")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert _services().keys() == set(NAMES)


@every_service
def test_a_service_can_do_little_and_is_seen_from_this_machine_only(name: str) -> None:
    service = _services()[name]

    assert re.fullmatch(r"[\w./-]+:[\w.-]+", service["image"]) and not service["image"].endswith(":latest")
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert [port for port in service.get("ports", ()) if not port.startswith("127.0.0.1:")] == []
    assert ("healthcheck" in service) == (name not in ONCE)
    assert service["restart"] == ("unless-stopped" if name not in ONCE else "on-failure" if name == "topics" else "no")


@every_service
def test_what_is_mounted_is_there(name: str) -> None:
    paths = [volume.split(":")[0] for volume in _services()[name].get("volumes", ())]

    assert [path for path in paths if path.startswith("/") and not Path(path).exists()] == []


@pytest.mark.parametrize("name", OURS)
def test_our_services_run_commands_that_there_are(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    service = _services()[name]
    for variable, value in service["environment"].items():
        monkeypatch.setenv(variable, value)

    _parse(_words(service))

    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]


def _words(service: dict[str, Any]) -> list[str]:
    """The command line behind ``ioc``."""
    if "entrypoint" not in service:
        return [str(word) for word in service["command"]]
    shell, option, script = service["entrypoint"]
    assert (shell, option) == ("/bin/sh", "-c")
    started, program, *words = shlex.split(script)
    assert (started, program) == ("exec", "ioc")
    return words


def _parse(words: list[str]) -> None:
    """Raises a UsageError where the command or an option is unknown, or something is missing."""
    app = typer.Typer()
    for group in GROUPS:
        import_module(f"ioc.cli.{group}").register(app)
    command: Any = typer.main.get_command(app)
    context: Any = None
    while hasattr(command, "resolve_command"):
        context = command.context_class(command, parent=context)
        _, found, words = command.resolve_command(context, words)
        command = found
    command.make_context(command.name, words, parent=context)


def test_health_is_asked_where_it_is_told() -> None:
    asked = {
        name: int(re.findall(r"127\.0\.0\.1:(\d+)/-/ready", " ".join(_services()[name]["healthcheck"]["test"]))[0])
        for name in ("worker", "read-model", "wall")
    }

    assert asked == {job.removeprefix("ioc-"): port for job, (_, port) in JOBS.items()}


def test_prometheus_looks_for_services_that_there_are() -> None:
    jobs: Any = containers()["scrape_configs"]
    names = {
        name
        for job in jobs
        for name in (
            *(word for found in job.get("dns_sd_configs", ()) for word in found["names"]),
            *(target.split(":")[0] for found in job.get("static_configs", ()) for target in found["targets"]),
        )
    }

    assert names == {"worker", "read-model", "wall"} <= _services().keys()


def test_the_image_is_of_pinned_bases_and_runs_without_root() -> None:
    text = (DOCKER / "Dockerfile").read_text()
    bases = dict(re.findall(r"^ARG (\w+)=(\S+)$", text, re.MULTILINE))

    assert re.findall(r"^FROM (?:--\S+ )?(\S+)", text, re.MULTILINE) == ["${NODE}", "${PYTHON}", "${PYTHON}"]
    assert [base for base in bases.values() if not re.search(r":\d+[\w.-]*$", base)] == []
    assert re.findall(r"^USER (.*)$", text, re.MULTILINE) == ["10001:10001"]
    assert text.index("USER") > text.rindex("FROM")


def test_what_the_image_is_built_from_is_sent_to_the_builder() -> None:
    sent = {line[1:] for line in (REPOSITORY / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", (DOCKER / "Dockerfile").read_text(), re.MULTILINE)
    sources = {source for line in copied for source in line.split()}

    assert {source.split("/")[0] for source in sources} == sent
    assert [source for source in sources if not (REPOSITORY / source).exists()] == []
