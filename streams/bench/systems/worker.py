"""A whole worker as it runs live, with all detectors and, where asked, the one that rings at every n-th event."""

import detectors
from ioc import district as districts
from ioc.engine.plan import Plan, plan
from streams import worker
from streams.bench.every import SPEC
from streams.bench.live import DISTRICT
from streams.bench.stopwatch import arguments
from streams.runner import Place


def rules(nth: int | None) -> Plan:
    """The shipped district's rules; ``nth`` adds the ringing one."""
    district = districts.load(DISTRICT)
    if nth is None:
        return plan(district, detectors.ALL)
    settings = {**district.detectors, SPEC.name: {"nth": nth}}
    return plan(district.model_copy(update={"detectors": settings}), [*detectors.ALL, SPEC])


def main() -> None:
    args = arguments()
    place = Place(args["bootstrap"], args["space"], args["mode"], args["topics"], DISTRICT)
    worker.run(rules(args.get("nth")), place, args["group"], args["port"])


if __name__ == "__main__":
    main()
