"""A mapping that is wrong says where, and what would be right; those shipped, and the guide's, are right."""

import re
from collections.abc import Iterator
from pathlib import Path
from unicodedata import normalize

import pytest
from pydantic import BaseModel

from ioc.importing.mapping import SHIPPED, BadMapping, LogMapping, load, shipped
from tests.ioc.importing.logs import RULES, Import, mapping


def test_the_mappings_are_found_by_plain_name() -> None:
    assert [load(name).source for name in shipped()] == [
        "/import/bpic2013", "/import/helpdesk", "/import/nyc311", "/import/receipt", "/suricata",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "right", "complaint"),
    [
        ("request.opened", "request.open", "there are: .*vn.ioc.request.opened"),
        ('data.queue = "team"', 'data.que = "team"', "vn.ioc.request.opened has no que, but .*queue"),
        ('data.queue = "team"', "", "vn.ioc.request.opened needs queue: say it under data"),
        ('zone = "Asia/Ho_Chi_Minh"', 'zone = "Hanoi"', "time: .*no time zone 'Hanoi'"),
        ('"%d/%m/%Y %H:%M"', '"%d/%Q"', "time: .*'%d/%Q' is no format"),
        ('case = "case"', 'cause = "case"', "columns.cause: Extra inputs"),
        ('case = "case"', "case = { values = { a = 'b' } }", "columns.case: .*either `column` or `value`"),
        ('each = "last"', 'each = "final"', "rules.2.each: "),
        ('format = "csv"', 'format = "csv"\nencodings = ["viscii"]', "'viscii' is no encoding"),
        ('format = "csv"', 'format = "csv"\ndelimiter = "tab"', "file.delimiter: "),
        ("[columns]", "[columns", "not TOML"),
    ],
)
def test_a_wrong_mapping_names_the_place_and_the_cure(tmp_path: Path, wrong: str, right: str, complaint: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(mapping("csv", RULES).replace(wrong, right, 1))

    with pytest.raises(BadMapping, match=rf"mine\.toml: (?s:.*){complaint}"):
        load(str(file))


def test_an_unknown_name_lists_those_that_exist() -> None:
    with pytest.raises(BadMapping, match="bpic2013, helpdesk, nyc311, receipt"):
        load("receipts")


def test_every_word_of_a_mapping_is_described() -> None:
    fields = [(part, name, field) for part in _parts(LogMapping) for name, field in part.model_fields.items()]

    assert [f"{part.__name__}.{name}" for part, name, field in fields if not field.description] == []


def test_the_guide_lists_every_word() -> None:
    guide = (SHIPPED / "README.md").read_text()
    words = {
        field.alias or name
        for part in _parts(LogMapping)
        for name, field in part.model_fields.items()
        if part is not LogMapping
    }

    assert {word for word in words if f"`{word}`" not in guide and f"{word} =" not in guide} == set()


@pytest.mark.parametrize("encoding", ["utf-8", "cp1258"])
def test_the_guides_example_works_as_it_stands(imported: Import, encoding: str) -> None:
    guide = (SHIPPED / "README.md").read_text().split("## A table")[0]
    log, *parts = re.findall(r"```(?:csv|toml)\n(.*?)```", guide, re.DOTALL)

    events, report = imported("".join(parts), _encoded(log, encoding))

    assert report.problems == []
    assert [(event.data.dossier, event.data.TYPE, event.data.officer) for event in events] == [
        ("H49-0001", "vn.ioc.dossier.received", "Lan"),
        ("H49-0001", "vn.ioc.dossier.forwarded", "Minh"),
        ("H49-0002", "vn.ioc.dossier.received", "Lan"),
        ("H49-0001", "vn.ioc.dossier.resolved", "Lan"),
    ]
    assert [event.data.channel for event in events if hasattr(event.data, "channel")] == [
        "in_person",
        "online",
    ]
    assert events[0].data.due.isoformat() == "2026-01-12T16:59:59+00:00"
    assert events[1].data.step == "Thẩm định"


def _parts(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """The model and the models in its fields."""
    yield model
    for field in model.model_fields.values():
        found = re.findall(r"ioc\.importing\.(\w+)\.(\w+)", repr(field.annotation))
        for module, name in found:
            part = getattr(__import__(f"ioc.importing.{module}", fromlist=[name]), name)
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from _parts(part)


def _encoded(text: str, encoding: str) -> bytes:
    """As an older Vietnamese Windows writes it: tone marks are characters of their own there."""
    if encoding == "utf-8":
        return text.encode()
    tones = "\u0300\u0301\u0303\u0309\u0323"
    letters = (normalize("NFD", letter) for letter in text)
    return "".join(
        normalize("NFC", "".join(mark for mark in letter if mark not in tones))
        + "".join(mark for mark in letter if mark in tones)
        for letter in letters
    ).encode(encoding)
