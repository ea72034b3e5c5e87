"""Ours: all detectors on the demo's mix, with everything that follows from it; a worker as it runs live."""

from ioc.folds import FOLDS
from streams.bench.live import DISTRICT
from streams.bench.stopwatch import arguments
from streams.bench.systems.worker import rules
from streams.bench.watched import Session
from streams.runner import Place


def main() -> None:
    args = arguments()
    place = Place(args["bootstrap"], args["space"], "driven", args["topics"], DISTRICT)
    Session(args["warm_up"], args["events"], until_idle=True).run(rules(None), place, args["group"], FOLDS)


if __name__ == "__main__":
    main()
