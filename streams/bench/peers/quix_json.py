"""Quix Streams: JSON decoded by Quix, counted, stateless."""

from typing import Any

from quixstreams import Application

from streams.bench.stopwatch import Stopwatch, arguments


def main(args: dict[str, Any]) -> None:
    watch = Stopwatch(args["warm_up"], args["events"])
    app = Application(
        broker_address=args["bootstrap"],
        consumer_group=args["group"],
        auto_offset_reset="earliest",
        state_dir=args["directory"],
        loglevel="WARNING",
    )

    def count(_: Any) -> None:
        if watch.count():
            app.stop()

    app.dataframe(app.topic(args["topic"], value_deserializer="json")).update(count)
    app.run()
    watch.report()


if __name__ == "__main__":
    main(arguments())
