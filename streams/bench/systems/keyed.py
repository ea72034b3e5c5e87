"""Ours: keyed state with its changelog, alerts out, one transaction a batch; a worker as it runs live."""

from streams.bench.every import FOLD, rules
from streams.bench.stopwatch import arguments
from streams.bench.watched import Session
from streams.runner import Place


def main() -> None:
    args = arguments()
    space = args["space"]
    place = Place(args["bootstrap"], space, "driven", args["topics"], "bench")
    warm_up, events = args["warm_up"], args["events"]
    session = Session(warm_up, events, until_idle=args.get("until_idle", False), gate=args.get("gate"))
    session.run(rules(), place, args["group"], [FOLD])


if __name__ == "__main__":
    main()
