#!/usr/bin/env python3
"""CPU seconds of a clean build of `extract` and `chunk` beside those of the bare parse of the same files.

    python3 tests/bench/floor.py DIR [--runs 5] [--binary SAWMILL --parse PARSE]

Both programs run once a round, in turn, and the ratio is taken within the round: a shared machine is slow for both. Every
build gets a store of its own, and the stores are removed at the end. A file system makes new files more slowly for minutes
after many were removed, and that is no cost of a build.
"""

import argparse
import json
import statistics
import subprocess
import tempfile
from pathlib import Path

from peers import Sawmill, build_binaries, measure

PIPELINE = """version: 1
name: code
nodes:
  extract: { kind: extract }
  chunk: { kind: chunk, inputs: { outline: extract }, with: { max_chars: 2400 } }
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--binary", help="a sawmill that was built before, with --parse")
    parser.add_argument("--parse", help="the benchmark `parse` that was built before")
    args = parser.parse_args()
    if bool(args.binary) != bool(args.parse):
        parser.error("--binary and --parse go together")
    binary, parse = (Path(args.binary), args.parse) if args.binary else build_binaries()
    corpus = Path(args.corpus).resolve()
    subprocess.run(["tar", "-cf", "/dev/null", "."], cwd=corpus, check=True)
    floors, builds, parsed = [], [], {}
    with tempfile.TemporaryDirectory(prefix="sawmill-floor-") as scratch:
        for number in range(args.runs):
            bare = measure([parse, str(corpus)])
            parsed = json.loads(bare.output.decode().strip().splitlines()[-1])
            sawmill = Sawmill(binary, corpus, Path(scratch) / str(number), False, PIPELINE)
            floors.append(bare.cpu)
            builds.append(sawmill.run("build").cpu)
            print(f"round {number + 1}: parse {floors[-1]:.2f} s, build {builds[-1]:.2f} s", flush=True)
    ratios = [build / floor for build, floor in zip(builds, floors)]
    print(
        json.dumps(
            {
                "files": parsed["files"],
                "bytes": parsed["bytes"],
                "parse_cpu": round(statistics.median(floors), 2),
                "build_cpu": round(statistics.median(builds), 2),
                "ratio": round(statistics.median(ratios), 3),
                "ratios": [round(ratio, 3) for ratio in ratios],
            }
        )
    )


if __name__ == "__main__":
    main()
