"""`python -m tests.benchmarks NAME`: brings the servers and the sample, then runs the named benchmark."""

import argparse
import importlib
import json
import os
import sys
from pathlib import Path

BENCHMARKS = {
    "agenda": "tests.benchmarks.agenda",
    "capture": "tests.benchmarks.capture",
    "due": "tests.benchmarks.due",
    "figures": "tests.benchmarks.figures",
    "dashboard": "tests.benchmarks.dashboard",
    "imports": "tests.benchmarks.imports",
    "lookalikes": "tests.benchmarks.lookalikes",
    "reminders": "tests.benchmarks.reminders",
    "screens": "tests.benchmarks.screens",
    "search": "tests.benchmarks.search",
}
# They bring their own data, and the second its own hands on the servers, which it kills.
BARE = ("due", "reminders")
SIZES = ["regional-1y", "regional-10y", "national"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("name", choices=sorted(BENCHMARKS))
    parser.add_argument("--size", choices=SIZES, default="regional-10y")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the measures there too")
    parser.add_argument("--only", default="", metavar="NAMES", help="some screens alone, with commas between")
    parser.add_argument("--fresh", action="store_true", help="load the sample again")
    parser.add_argument("--runs", type=int, help="of the benchmark that is run many times")
    parser.add_argument("--seed", type=int, help="of the run that meets random faults")
    parser.add_argument("--small", action="store_true", help="of that run, a few minutes' worth in half of one")
    parser.add_argument("--held-out", action="store_true", help="the cases kept for the last run, and those alone")
    asked = parser.parse_args()

    from config.embedded.problem import StartProblem  # noqa: PLC0415 - the environment is set between the imports
    from tests.benchmarks import ground  # noqa: PLC0415

    size = ground.BARE if asked.name in BARE else asked.size
    ground.prepare_environment(size)
    try:
        with ground.standing(size, fresh=asked.fresh) as children:
            benchmark = importlib.import_module(BENCHMARKS[asked.name])
            found = benchmark.run(
                size,
                only=set(filter(None, asked.only.split(","))),
                **({"runs": asked.runs} if asked.runs else {}),
                **({"seed": asked.seed} if asked.seed else {}),
                **({"small": True} if asked.small else {}),
                **({"children": children} if asked.name == "reminders" else {}),
                **({"held_out": True} if asked.held_out else {}),
            )
    except StartProblem as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=2) + os.linesep)
    return 0


if __name__ == "__main__":
    sys.exit(main())
