"""The API is what its OpenAPI document says, whatever is sent to it."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.dashboards.wall.conftest import WallProcess
from tests.dashboards.wall.filling import Filler
from tests.streams.alert_log import changed, state

CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def document(wall: WallProcess, demo: Filler) -> Any:
    """The document of a wall that shows something. A stream has no end, and is tested on its own."""
    demo.put(state("demo"), changed("a"), changed("b", severity="extreme"))
    demo.complete()
    found = schemathesis.openapi.from_url(f"{wall.url}/api/v1/openapi.json")
    return found.exclude(path_regex="/stream$|/session$")


def test_every_path_answers_as_it_says(document: Any, wall: WallProcess) -> None:
    token = wall.client.headers["Authorization"]
    tried = 0
    for found in document.get_all_operations():
        operation = found.ok()
        tried += 1

        @given(case=operation.as_strategy())
        @settings(max_examples=4, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
        def answers(case: Any) -> None:
            if "space" in (case.query or {}):
                case.query["space"] = "demo"
            answer = case.call(headers={"Authorization": token})
            assert answer.status_code != 500  # 503 is an honest answer: this wall has no Kafka behind it
            case.validate_response(answer, checks=CHECKS)

        answers()
    assert tried > 15


def test_every_path_has_an_example_or_needs_none(wall: WallProcess) -> None:
    document = wall.client.get("/api/v1/openapi.json").json()
    without = []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation["description"], (path, method)
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            if body and not _has_example(body, document):
                without.append((method, path))
    assert without == []


def _has_example(body: dict[str, Any], document: dict[str, Any]) -> bool:
    said = body["schema"]
    if "$ref" in said:
        said = document["components"]["schemas"][said["$ref"].rpartition("/")[2]]
    properties = said.get("properties", {}).values()
    return "examples" in body or "examples" in said or any("examples" in one for one in properties)
