"""The optional model: read, tried, asked where something moves, within its budget; and nothing breaks with it."""

import hashlib
import struct
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from detectors.vision.foreground import Blob
from detectors.vision.heads import boxes, found
from ioc.district import Camera, Model, Zone
from ioc.events.cameras import CameraHealth, MotionSeen
from streams.cameras.model import Network
from streams.cameras.rendered import render
from streams.cameras.run import CameraRun

START = datetime(2026, 1, 5, 11, 30, tzinfo=UTC)
YARD = Zone(id="yard", name="yard", polygon=((0, 0), (1, 0), (1, 1), (0, 1)))


# -- a network, written by hand: brightness of the three colours, as scores of three classes ------------------------


def _field(number: int, content: bytes | int | str) -> bytes:
    """One field of a protobuf message."""
    if isinstance(content, int):
        return _varint(number << 3) + _varint(content)
    raw = content.encode() if isinstance(content, str) else content
    return _varint(number << 3 | 2) + _varint(len(raw)) + raw


def _varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def _value(name: str, sizes: Iterable[int]) -> bytes:
    shape = b"".join(_field(1, _field(1, size)) for size in sizes)
    return _field(1, name) + _field(2, _field(1, _field(1, 1) + _field(2, shape)))


def network(size: int = 32) -> bytes:
    """ONNX: global average over the picture, flattened, times a matrix."""
    weights = np.diag([1 / 255.0] * 3).astype(np.float32)
    pool = _field(1, "x") + _field(2, "mean") + _field(4, "GlobalAveragePool")
    flat = _field(1, "mean") + _field(2, "flat") + _field(4, "Flatten")
    gemm = _field(1, "flat") + _field(1, "w") + _field(2, "y") + _field(4, "MatMul")
    tensor = _field(1, struct.pack("<bb", 3, 3)) + _field(2, 1) + _field(8, "w") + _field(9, weights.tobytes())
    graph = b"".join(_field(1, node) for node in (pool, flat, gemm)) + _field(2, "g") + _field(5, tensor)
    graph += _field(11, _value("x", (1, 3, size, size))) + _field(12, _value("y", (1, 3)))
    return _field(1, 8) + _field(7, graph) + _field(8, _field(1, "") + _field(2, 13))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "m.onnx").write_bytes(network())
    return tmp_path


def model(**settings: object) -> Model:
    given = {"path": "m.onnx", "format": "classifier", "size": 32, "labels": ("b", "g", "r"), "confidence": 0.3}
    return Model.model_validate({**given, **settings})


WHOLE = Blob(0.2, 0.2, 0.5, 0.5, 0)
RED = np.full((90, 160, 3), (20, 20, 250), np.uint8)


def test_a_network_is_read_and_says_what_it_sees(folder: Path) -> None:
    asked = Network(model(), folder)
    seen = asked.look(RED, WHOLE)

    assert asked.failed == ""
    assert seen and seen[0].label == "r" and seen[0].confidence > 0.4


def test_the_file_may_be_held_to_its_hash(folder: Path) -> None:
    right = hashlib.sha256((folder / "m.onnx").read_bytes()).hexdigest()

    assert Network(model(sha256=right), folder).failed == ""
    assert "sha256" in Network(model(sha256="0" * 64), folder).failed


@pytest.mark.parametrize(
    ("content", "settings", "complaint"),
    [
        (None, {}, "No such file"),
        (b"not a network", {}, "cannot read it as ONNX"),
        (network(), {"format": "yolox"}, "check size (32) and format (yolox)"),
    ],
)
def test_what_does_not_work_is_said_with_its_cure_and_looks_say_nothing(
    tmp_path: Path, content: bytes | None, settings: dict[str, object], complaint: str
) -> None:
    if content is not None:
        (tmp_path / "m.onnx").write_bytes(content)
    asked = Network(model(**settings), tmp_path)

    assert complaint in asked.failed
    assert asked.look(RED, WHOLE) is None


def test_a_budget_that_is_used_up_leaves_looks_out(folder: Path) -> None:
    asked = Network(model(), folder, share=0.0)
    looks = [asked.look(np.zeros((900, 1600, 3), np.uint8), WHOLE) for _ in range(3)]
    asked._credit = -1.0

    assert looks[0] is not None
    assert asked.look(RED, WHOLE) is None and asked.failed == ""


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("video") / "yard.avi"
    render(path, seconds=28)
    return path


def said(yard: Path, asked: Network | None) -> tuple[list[MotionSeen], list[CameraHealth]]:
    camera = Camera(id="c", name="c", commune="-", latitude=0, longitude=0, zones=(YARD,))
    events = [event.data for event in CameraRun(camera, str(yard), START, network=asked).events()]
    motion = [data for data in events if isinstance(data, MotionSeen)]
    return motion, [data for data in events if isinstance(data, CameraHealth)]


def test_motion_is_said_with_the_models_word_and_without_it_where_nothing_else_is_wanted(
    yard: Path, folder: Path
) -> None:
    plain, _ = said(yard, None)
    labelled, health = said(yard, Network(model(confidence=0.05), folder))
    dropped, _ = said(yard, Network(model(confidence=0.05, only=("elephant",)), folder))

    assert plain and len(labelled) == len(plain)
    assert {data.label for data in labelled} <= {"b", "g", "r"} and labelled[0].confidence
    assert dropped == []
    assert {data.model for data in health} == {"working"}


def test_a_model_that_cannot_be_used_changes_nothing_but_is_said_in_the_cameras_health(
    yard: Path, tmp_path: Path
) -> None:
    plain, _ = said(yard, None)
    motion, health = said(yard, Network(model(), tmp_path))

    assert motion == plain
    assert {data.model for data in health} == {"failed"}


# -- heads -----------------------------------------------------------------------------------------------------------


def test_a_yolox_head_is_cells_and_strides() -> None:
    rows = np.zeros((64 // 8) ** 2 + (64 // 16) ** 2 + (64 // 32) ** 2, np.int64).size
    output = np.full((1, rows, 5 + 2), -9, np.float32)
    output[..., 4:] = 0
    output[0, 8 * 3 + 5] = (0.5, 0.5, np.log(2), np.log(3), 0.9, 0.1, 0.8)
    picture = np.zeros((32, 64, 3), np.uint8)
    (seen,) = found(output, picture, format="yolox", size=64, labels=("car", "person"), confidence=0.5)

    assert (seen.label, seen.confidence) == ("person", 0.72)
    assert (seen.x, seen.y, seen.width, seen.height) == pytest.approx((36 / 64, 16 / 32, 16 / 64, 24 / 32))


def test_a_yolov8_head_lies_on_its_side_and_boxes_of_two_classes_are_one_object_unless_asked_otherwise() -> None:
    output = np.zeros((1, 6, 84), np.float32)
    output[0, :, 0] = (30, 30, 20, 20, 0.9, 0.1)
    output[0, :, 1] = (31, 30, 20, 20, 0.1, 0.8)
    picture = np.zeros((64, 64, 3), np.uint8)

    def seen(by_class: bool) -> list[str]:
        objects = found(
            output, picture, format="yolov8", size=64, labels=("car", "truck"), confidence=0.5, by_class=by_class
        )
        return [each.label for each in objects]

    assert seen(False) == ["car"] and sorted(seen(True)) == ["car", "truck"]


def test_an_output_of_another_shape_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="84 are needed"):
        boxes(np.zeros((1, 100, 85), np.float32), "yolox", 64)
