"""Quix Streams: the same count by key with its state and changelog, the same alerts out."""

from hashlib import blake2b
from typing import Any

from quixstreams import Application

from streams.bench.stopwatch import Stopwatch, arguments


def alert(args: dict[str, Any], about: str, count: int, headers: list[tuple[str, bytes]]) -> dict[str, Any]:
    """What our detector would say, word for word."""
    named = {name: content.decode() for name, content in headers}
    number = f"{count:,}"
    numbers = {"vi": number.replace(",", "."), "en": number}
    return {
        **args["alert"],
        "about": about,
        "summary": {
            language: text.format(subject=about, value=numbers[language]) for language, text in args["sentence"].items()
        },
        "value": float(count),
        "evidence": [
            {"source": named["ce_source"], "id": named["ce_id"], "at": named["ce_time"].replace("+00:00", "Z")}
        ],
    }


def dedupe_key(found: dict[str, Any]) -> str:
    """The alert's key, made as ours is."""
    return blake2b(f"{found['kind']}\x1f{found['about']}".encode(), digest_size=16).hexdigest()


def main(args: dict[str, Any]) -> None:
    watch = Stopwatch(args["warm_up"], args["events"])
    every = args["every"]
    app = Application(
        broker_address=args["bootstrap"],
        consumer_group=args["group"],
        auto_offset_reset="earliest",
        state_dir=args["directory"],
        loglevel="WARNING",
        processing_guarantee=args["guarantee"],
    )
    context = app._processing_context
    commit = context.commit_checkpoint

    def last_commit(force: bool = False, **more: Any) -> None:
        commit(force=force, **more)
        if force:
            watch.stop()  # what is not committed is not done
            context.commit_checkpoint = commit

    def judge(value: dict[str, Any], _key: Any, _time: int, headers: Any, state: Any) -> list[dict[str, Any]]:
        count = state.get("count", 0) + 1
        state.set("count", count)
        if watch.count():
            context.commit_checkpoint = last_commit
            app.stop()
        return [] if count % every else [alert(args, value["request"], count, headers)]

    alerts = app.topic(args["alerts"], key_serializer="str", value_serializer="json")
    frame = app.dataframe(app.topic(args["topic"], value_deserializer="json"))
    frame.apply(judge, stateful=True, expand=True, metadata=True).to_topic(alerts, key=dedupe_key)
    app.run()
    watch.report()


if __name__ == "__main__":
    main(arguments())
