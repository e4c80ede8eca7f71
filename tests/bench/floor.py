#!/usr/bin/env python3
"""CPU seconds of a clean build of `extract` and `chunk` beside those of the bare parse of the same files.

    python3 tests/bench/floor.py DIR [DIR ...] [--runs 5] [--by-language MB] [--binary SAWMILL --parse PARSE]

Files of languages that have no grammar are left out on both sides: those with one are linked into a tree of their own, which must
lie on the same file system (`--scratch`). With --by-language each language with so many megabytes is measured alone, and
ctags beside it, as a table.

Both programs run once a round, in turn, and the ratio is taken within the round: a shared machine is slow for both. Every
build gets a store of its own, and the stores are removed at the end. A file system makes new files more slowly for minutes
after many were removed, and that is no cost of a build.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from peers import Sawmill, build_binaries, measure

# What ctags calls a language, where it is another name.
CTAGS = {"bash": "sh", "cpp": "c++", "csharp": "c#", "tsx": "typescript"}

PIPELINE = """version: 1
name: code
nodes:
  extract: { kind: extract }
  chunk: { kind: chunk, inputs: { outline: extract }, with: { max_chars: 2400 } }
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="+")
    parser.add_argument("--by-language", type=float, metavar="MB")
    parser.add_argument("--scratch", help="a directory on the file system of the corpus")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--binary", help="a sawmill that was built before, with --parse")
    parser.add_argument("--parse", help="the benchmark `parse` that was built before")
    args = parser.parse_args()
    if bool(args.binary) != bool(args.parse):
        parser.error("--binary and --parse go together")
    binary, parse = (Path(args.binary), args.parse) if args.binary else build_binaries()
    with tempfile.TemporaryDirectory(prefix="sawmill-floor-", dir=args.scratch) as scratch:
        tree = Path(scratch) / "tree"
        sources = [str(Path(corpus).resolve()) for corpus in args.corpus]
        subprocess.run([parse, *sources, "--link", tree], check=True, stdout=subprocess.DEVNULL)
        if args.by_language is None:
            result = paired(binary, parse, tree, args.runs, Path(scratch))
            print(json.dumps(result))
            return
        print("| language | files | MB | parse MB/s | Sawmill MB/s | ctags MB/s | Sawmill : parse |\n|---|---|---|---|---|---|---|")
        for language in sorted(path for path in tree.iterdir()):
            size = sum(file.stat().st_size for file in language.rglob("*") if file.is_file()) / 1e6
            if size >= args.by_language:
                line(binary, parse, language, size, args.runs, Path(scratch))


def paired(binary, parse, tree, runs, scratch):
    """CPU seconds of both, one after the other in each round, over the same files."""
    subprocess.run(["tar", "-cf", "/dev/null", "."], cwd=tree, check=True)
    floors, builds, parsed = [], [], {}
    for number in range(runs):
        bare = measure([parse, str(tree)])
        parsed = json.loads(bare.output.decode().strip().splitlines()[-1])
        sawmill = Sawmill(binary, tree, scratch / f"{tree.name}-{number}", False, PIPELINE)
        floors.append(bare.cpu)
        builds.append(sawmill.run("build").cpu)
        print(f"{tree.name}, round {number + 1}: parse {floors[-1]:.2f} s, build {builds[-1]:.2f} s", file=sys.stderr)
    ratios = [build / floor for build, floor in zip(builds, floors)]
    return {
        "files": parsed["files"],
        "bytes": parsed["bytes"],
        "parse_cpu": round(statistics.median(floors), 2),
        "build_cpu": round(statistics.median(builds), 2),
        "ratio": round(statistics.median(ratios), 3),
        "ratios": [round(ratio, 3) for ratio in ratios],
    }


def line(binary, parse, tree, size, runs, scratch):
    """One language: MB by CPU second of each. ctags writes its tags, as it does for users."""
    result = paired(binary, parse, tree, runs, scratch)
    name = CTAGS.get(tree.name, tree.name)
    known = subprocess.run(["ctags", "--list-languages"], capture_output=True, text=True, check=True).stdout.lower().split()
    speed = "–"
    if name in known:
        command = ["ctags", "-R", f"--language-force={name}", "--fields=+ne", "-f", "-", str(tree)]
        speed = f"{size / statistics.median(measure(command).cpu for _ in range(runs)):.1f}"
    cells = [f"{size / result[key]:.1f}" for key in ("parse_cpu", "build_cpu")]
    print(f"| {tree.name} | {result['files']} | {size:.1f} | {cells[0]} | {cells[1]} | {speed} | {result['ratio']:.2f} |", flush=True)


if __name__ == "__main__":
    main()
