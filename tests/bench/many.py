#!/usr/bin/env python3
"""One workspace of many small repositories, beside the same files as one repository.

    python3 tests/bench/many.py [--repos 500] [--files 6] [--runs 7] [--binary BIN] [--keep DIR] [--out FILE]

Makes the files (the same for the same numbers), builds both workspaces, and says for each, as the median of --runs runs:
seconds of a build, of a null build, and of queries, each a process of its own; the parts of a query from `--timings`; the
peak memory of a build and of a query; files that each opens, where the program `strace` is there. Then the ratios.
Hits must be the same in both, as files and lines, else the script ends with 1.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent.parent
WORDS = (
    "alpha beta gamma delta parser lexer token stream buffer reader writer cache index merge split queue worker handle route config"
).split()
# Words of every repository, words of one, an exact line, a filter.
QUERIES = ["parser lexer", "config of the worker queue", "zebra", "alpha_beta_217", '"return value"', "repo:r21* parser"]


def text(repo, file):
    dice = random.Random(repo * 1000 + file)
    out = []
    for number in range(8):
        a, b, c, d = (dice.choice(WORDS) for _ in range(4))
        out.append(f'def {a}_{b}_{repo}_{number}(value):\n    """{a} {b} {c} of {d}."""\n    {c} = value + {number}\n    return {c}\n\n')
    if (repo, file) == (217, 0):
        out.append("def zebra(value):\n    return value\n")
    return "".join(out)


def plant(at, repos, files):
    entries = {"many": "  - glob: repos/*\n", "one": "  - { name: all, root: repos }\n"}
    for name, entry in entries.items():
        (at / name / "pipelines").mkdir(parents=True)
        shutil.copy(HERE / "pipelines/code.yaml", at / name / "pipelines/code.yaml")
        (at / name / "workspace.yaml").write_text(f"version: 1\nname: {name}\npipeline: code\nrepos:\n{entry}")
        for repo in range(repos):
            src = at / name / f"repos/r{repo:03}/src"
            src.mkdir(parents=True)
            for file in range(files):
                (src / f"part_{file}.py").write_text(text(repo, file))
            (src.parent / "README.md").write_text(f"# Service {repo}\n\nThe {WORDS[repo % 20]} service.\n")


def run(command, at):
    """Seconds of the wall, peak MB of the process, and what it printed."""
    begin = time.monotonic()
    child = subprocess.Popen(command, cwd=at, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = child.communicate()
    seconds = time.monotonic() - begin
    if child.returncode != 0:
        sys.exit(f"{command}: {out.decode()}{err.decode()}")
    return seconds, json.loads(out)


def peak(command, at):
    """Peak resident MB of a process and of those that it started; `None` where `/usr/bin/time` is not there."""
    if not os.access("/usr/bin/time", os.X_OK):
        return None
    done = subprocess.run(["/usr/bin/time", "-f", "%M", *command], cwd=at, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return round(int(done.stderr.split()[-1]) / 1024, 1)


def opens(command, at):
    if shutil.which("strace") is None:
        return None
    with tempfile.NamedTemporaryFile() as log:
        trace = ["strace", "-f", "-e", "trace=openat,openat2", "-o", log.name, *command]
        subprocess.run(trace, cwd=at, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        return sum(1 for line in open(log.name) if "openat" in line and "resumed" not in line)


def places(answer, one):
    found = []
    for hit in answer["hits"]:
        path = hit["path"] if one else f"{hit['repo']}/{hit['path']}"
        found.append((path, hit["start_line"]))
    return sorted(found)


def measure(binary, at, runs, one):
    build = [binary, "build", "--json"]
    seconds = {"build": run(build, at)[0]}
    seconds["null build"] = statistics.median(run(build, at)[0] for _ in range(runs))
    told = {"files_opened": {"null build": opens(build, at)}, "peak_mb": {"null build": peak(build, at)}}
    parts, hits = {}, {}
    for query in QUERIES:
        command = [binary, "search", query.replace("repo:r21* ", "path:r21*/** ") if one else query, "--json", "--no-cache", "--limit", "1000"]
        seconds[query] = statistics.median(run(command, at)[0] for _ in range(runs))
        kept = [part for part in command if part != "--no-cache"]
        run(kept, at)
        told.setdefault("seconds_kept", {})[query] = round(statistics.median(run(kept, at)[0] for _ in range(runs)), 4)
        answer = run([*command, "--timings"], at)[1]
        parts[query] = {name: round(value / 1000, 1) for name, value in answer["timings"].items() if name.endswith("_us")}
        hits[query] = places(answer, one)
        told["files_opened"][query] = opens(command, at)
    told["peak_mb"][QUERIES[0]] = peak([binary, "search", QUERIES[0], "--json", "--no-cache"], at)
    seconds = {name: round(value, 4) for name, value in seconds.items()}
    return {"seconds": seconds, **told, "query_ms": parts}, hits


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repos", type=int, default=500)
    parser.add_argument("--files", type=int, default=6)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--binary", default=str(HERE / "target/release/sawmill"))
    parser.add_argument("--keep", help="a directory that is not there yet, for the workspaces")
    parser.add_argument("--out", help="a file for the numbers, beside standard output")
    asked = parser.parse_args()
    at = Path(asked.keep or tempfile.mkdtemp(prefix="sawmill-many-"))
    try:
        plant(at, asked.repos, asked.files)
        many, hits = measure(asked.binary, at / "many", asked.runs, False)
        one, expected = measure(asked.binary, at / "one", asked.runs, True)
    finally:
        if not asked.keep:
            shutil.rmtree(at)
    ratio = {name: round(value / one["seconds"][name], 2) for name, value in many["seconds"].items()}
    differ = [query for query in QUERIES if hits[query] != expected[query]]
    report = {"repos": asked.repos, "files": asked.files, "ratio": ratio, "many": many, "one": one, "other_hits": differ}
    told = json.dumps(report, indent=2)
    print(told)
    if asked.out:
        Path(asked.out).write_text(told + "\n")
    if differ:
        sys.exit(1)


if __name__ == "__main__":
    main()
