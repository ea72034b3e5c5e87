"""Generated files are up to date, whole, and true to the declarations."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

import detectors
from dashboards import asyncapi, generate
from dashboards.as_yaml import as_yaml
from dashboards.declared import EVENTS, TOPICS, facts, tallies
from dashboards.rules import RUNBOOK, alerts
from ioc.cli.generate import platform, register
from tests.dashboards.expressions import GENERATED
from tests.needs import REPOSITORY


@pytest.fixture(scope="module")
def wanted() -> dict[str, str]:
    return generate.files(platform(), "1.2.3")


def test_the_tree_is_up_to_date_whatever_the_order_of_sets() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ioc.cli", "generate", "--check"],
        capture_output=True, text=True, cwd=REPOSITORY, env={**os.environ, "PYTHONHASHSEED": "4711"},
    )  # fmt: skip

    assert done.stderr == ""
    assert done.returncode == 0


def test_the_command_names_what_is_not_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    path = "dashboards/generated/CATALOGUE.md"
    real = generate.files

    def with_a_new_detector(*args: Any) -> dict[str, str]:
        files = real(*args)
        return {**files, path: files[path] + "one more detector\n"}

    monkeypatch.setattr(generate, "files", with_a_new_detector)
    app = typer.Typer()
    register(app)

    done = CliRunner().invoke(app, ["--check"])

    assert done.exit_code == 1
    assert done.stderr == f"{path} is not up to date: run `ioc generate`\n"


def test_missing_changed_and_left_over_files_are_found_and_mended(tmp_path: Path) -> None:
    wanted = {f"dashboards/generated/{name}": f"{name}\n" for name in ("same", "changed", "missing", "crlf")}
    folder = tmp_path / "dashboards" / "generated"
    folder.mkdir(parents=True)
    for name, text in (("same", b"same\n"), ("changed", b"by hand\n"), ("old", b"old\n"), ("crlf", b"crlf\r\n")):
        (folder / name).write_bytes(text)
    differing = [f"dashboards/generated/{name}" for name in ("changed", "crlf", "missing", "old")]

    assert generate.stale(wanted, tmp_path) == differing
    assert generate.write(wanted, tmp_path) == differing
    assert generate.stale(wanted, tmp_path) == []


def test_every_file_says_that_it_is_generated(wanted: dict[str, str]) -> None:
    assert [path for path, text in wanted.items() if "enerated by `ioc generate`" not in text] == []


def test_nothing_of_a_machine_is_in_them(wanted: dict[str, str]) -> None:
    found = {path: re.findall(r"/home/\w+|/work/\w+|/tmp/\w+|0x[0-9a-f]{6,}", text) for path, text in wanted.items()}

    assert {path: hits for path, hits in found.items() if hits} == {}


def test_the_catalogue_has_every_detector_in_both_languages(wanted: dict[str, str]) -> None:
    text = wanted["dashboards/generated/CATALOGUE.md"]
    missing = [
        words
        for spec in detectors.ALL
        for words in (
            f"### {spec.name}\n",
            spec.title.vi,
            spec.title.en,
            *(sentence for kind in spec.kinds for sentence in (kind.sentence.vi, kind.sentence.en)),
            *(f"| `{field.alias or name}` | `" for name, field in spec.params.model_fields.items()),
            *(f"`ioc_{fact.name}`" for fact in spec.facts),
            *(f"`ioc_{tally.name}_total`" for tally in spec.tallies if tally.metric),
        )
        if words not in text
    ]

    assert missing == []


def test_the_catalogue_has_every_topic_as_kafka_holds_it(wanted: dict[str, str]) -> None:
    rows = [
        line.split(" | ") for line in wanted["dashboards/generated/CATALOGUE.md"].splitlines() if "{space}." in line
    ]

    assert {row[0].strip("| `"): int(row[4]) for row in rows} == {
        shape.name: shape.partitions for shape in platform().shapes
    }


def test_each_setting_is_described_in_words() -> None:
    silent = [
        f"{spec.name}.{name}"
        for spec in detectors.ALL
        for name, field in spec.params.model_fields.items()
        if not field.description
    ]

    assert silent == []


def test_figures_have_one_meaning_each() -> None:
    names = [*(fact.name for fact in facts()), *(tally.name for tally in tallies())]

    assert len(names) == len(set(names))


def test_every_event_type_has_its_schema(wanted: dict[str, str]) -> None:
    assert {Path(path).stem for path in wanted if "/schemas/" in path} == {event.TYPE for event in EVENTS}


def test_references_of_the_asyncapi_document_lead_somewhere() -> None:
    document = asyncapi.document("1.2.3")

    assert {target for target in _references(document) if not _leads(document, target)} == set()
    assert document["channels"].keys() == {topic.name for topic in TOPICS}  # type: ignore[attr-defined]


def _references(part: object) -> set[str]:
    match part:
        case {"$ref": str(target)}:
            return {target}
        case dict():
            return set().union(*map(_references, part.values()))
        case list():
            return set().union(*map(_references, part))
    return set()


def _leads(document: Any, target: str) -> bool:
    if not target.startswith("#/"):
        return (GENERATED / target).is_file()
    for name in target[2:].split("/"):
        document = document.get(name, {})
    return bool(document)


def test_every_alert_of_the_platform_has_its_page_and_no_page_is_left_over() -> None:
    headings = re.findall(r"^### (.*)$", (REPOSITORY / RUNBOOK).read_text("utf-8"), re.MULTILINE)

    assert sorted(headings) == sorted(alert.name for alert in alerts())


def test_links_of_the_runbook_lead_somewhere() -> None:
    page = REPOSITORY / RUNBOOK
    text = page.read_text("utf-8")
    anchors = {f"#{heading.lower()}" for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}
    links = re.findall(r"\]\(([^)]*)\)", text)

    assert [link for link in links if link not in anchors and not (page.parent / link).exists()] == []


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"a": "two words"}, "a: two words\n"),
        ({"on": "no", "5m": "5m"}, '"on": "no"\n"5m": "5m"\n'),
        ({"a": 'up{job="x"} == 0'}, "a: 'up{job=\"x\"} == 0'\n"),
        ({"a": "key: value # not a comment"}, 'a: "key: value # not a comment"\n'),
        ({"a": "ends with space "}, 'a: "ends with space "\n'),
        (
            {"a": [{"b": 1, "c": [True, None]}, [], {}]},
            "a:\n  - b: 1\n    c:\n      - true\n      - null\n  - []\n  - {}\n",
        ),
        ({"a": "Xã · một\ndòng"}, 'a: "Xã · một\\ndòng"\n'),
    ],
)
def test_yaml_takes_no_text_for_something_else(data: dict[str, object], text: str) -> None:
    assert as_yaml(data) == text
