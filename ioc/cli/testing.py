"""``ioc test``: stories told by the rules, and where they do not end as they must."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ioc.cli import fail
from ioc.cli.replay import rules
from ioc.replay.story import BadStory, Miss, Story, load, tell


def register(app: typer.Typer) -> None:
    app.command("test")(test)


def test(
    stories: Annotated[list[Path], typer.Argument(help="Stories: .toml files, or folders of them.")],
    district: Annotated[
        str | None, typer.Option("--district", help="Tell them by this district's rules instead of their own.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
) -> None:
    """Tell stories and say which expectations are not met; the exit code is then 1.

    A story is a TOML file that reads like a report:

        title = "Một trạm nóng lên · A station heats up"
        district = "bac_tra_my"
        day = 2026-03-02

        [[step]]
        at = "14:00"
        event = { type = "sensor.reading", station = "tram-tra-doc-thon-2", temperature_c = 61 }
        every = "1m"
        to = "14:10"

        [[step]]
        at = "14:05"
        alert = { kind = "sensor_over_threshold", subject = "tram-tra-doc-thon-2/temperature_c", severity = "severe" }
    """
    files = [file for path in stories for file in (sorted(path.rglob("*.toml")) if path.is_dir() else [path])]
    if not files:
        raise fail(f"{stories[0]}: holds no stories (.toml)")
    told: list[tuple[Path, Story, list[Miss]]] = []
    for file in files:
        try:
            story = load(file)
            told.append((file, story, tell(story, rules(district or _district(file, story)))))
        except BadStory as error:
            raise fail(str(error) if str(file) in str(error) else f"{file}: {error}") from None
    if as_json:
        print(json.dumps([{"story": str(file), "title": story.title, "misses": [vars(each) for each in misses]}
                          for file, story, misses in told], ensure_ascii=False))  # fmt: skip
    else:
        show(told)
    raise typer.Exit(1 if any(misses for _, _, misses in told) else 0)


def _district(file: Path, story: Story) -> str:
    """A path is one from the story's folder."""
    return str(file.parent / story.district) if story.district.endswith(".toml") else story.district


def show(told: list[tuple[Path, Story, list[Miss]]]) -> None:
    """Each story with a mark, and below it what is not as it must be."""
    console = Console(highlight=False, soft_wrap=True)
    for file, story, misses in told:
        console.print(f"{'[bold red]✗[/]' if misses else '[bold green]✓[/]'} ", end="")
        console.print(f"{story.title} ({file})", markup=False)
        for miss in misses:
            console.print(f"    step {miss.step}, at {miss.at}: {miss.what}", markup=False)
            console.print(f"      - expected  {miss.expected}\n      + is        {miss.found}", markup=False)
    failed = sum(bool(misses) for _, _, misses in told)
    console.print(
        f"{len(told)} stories, {failed} not as they must be" if failed else f"{len(told)} stories, all as they must be"
    )
