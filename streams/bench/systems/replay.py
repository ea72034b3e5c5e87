"""Ours: a recording replayed from its sources, in one process or more."""

import gc
import json
import resource
import time
from pathlib import Path

from ioc.replay.parallel import Parallel
from ioc.replay.source import Source
from streams.bench.stopwatch import RESULT, arguments
from streams.bench.systems.worker import rules


def main() -> None:
    args = arguments()
    plan, source = rules(None), Source([Path(args["recording"])])
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    wall, cpu = time.monotonic(), _cpu()
    if args["jobs"] > 1:
        Parallel(source, plan, args["jobs"]).run()
    else:
        source.run(plan)
    said = {"events": args["events"], "seconds": time.monotonic() - wall, "cpu_seconds": _cpu() - cpu}
    print(RESULT + json.dumps(said))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    Path(args["memory"]).write_text(f"{memory}")


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    main()
