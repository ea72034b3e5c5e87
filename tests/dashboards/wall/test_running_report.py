"""``ioc report`` of the running system: from what Redis holds."""

from pathlib import Path

from docx import Document
from typer import Typer
from typer.testing import CliRunner

from ioc.cli import report as command
from ioc.events.base import Data, Event
from ioc.events.figures import SpaceState
from streams.embedded.redis import Redis
from tests.dashboards.wall.filling import Filler
from tests.streams.alert_log import NOON, changed, facts, id_of, state, tally


def written(redis: Redis, file: Path, *asked: str) -> str:
    app = Typer()
    command.register(app)
    done = CliRunner().invoke(app, ["--space", "demo", "--redis", redis.url, "-o", str(file), *asked])
    assert done.exit_code == 0, done.output
    document = Document(str(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in document.paragraphs), *cells])


def test_each_report_is_written_from_the_running_system(own_redis: Redis, demo: Filler, tmp_path: Path) -> None:
    grave = changed("grave", severity="severe")
    demo.put(state("demo"), facts(at=NOON), grave, tally(1434))
    demo.complete()

    flash = written(own_redis, tmp_path / "flash.docx", "--day", "2026-01-07T13:00:00+07:00")
    assert "mở 1 cảnh báo" in flash
    assert "SỐ LIỆU MÔ PHỎNG" in flash
    assert "1.434" in written(own_redis, tmp_path / "month.docx", "--period", "2026-01")
    assert "Diễn biến và xử lý" in written(own_redis, tmp_path / "one.docx", "--alert", str(id_of(grave)))


def test_what_is_real_bears_no_warning(own_redis: Redis, demo: Filler, tmp_path: Path) -> None:
    real: Event[Data] = Event(NOON, "/p", "1", SpaceState(space="demo", district="bac_tra_my", mode="wall"))
    demo.put(real, facts(at=NOON))

    assert "MÔ PHỎNG" not in written(own_redis, tmp_path / "flash.docx", "--day", "now")
