#!/usr/bin/env python3
"""Sawmill beside other tools, on one corpus, in one run.

    python3 tests/bench/peers.py DIR [--name NAME] [--runs 3] [--edit FILE] [--out tests/bench/results]

DIR is a source tree, or with --workspace a directory that has a workspace.yaml. Nothing is installed: the peers that are
found are measured (git, universal-ctags, codesearch's cindex and csearch, ripgrep), the others are named as missing.

An absolute time on a shared machine means little. So every round measures each program once, in turn (A B C, A B C, …),
and a program's number is the median of its rounds. Measured are CPU seconds (user + system, children included), seconds
on the wall, and the peak resident size of the largest process. A timing never fails anything.

The first, unmeasured read of the corpus warms the page cache for everybody. Sawmill's store lies outside the corpus and
is thrown away. One JSON file a run goes to --out; the table for docs/benchmarks.md is printed.
"""

import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

QUERIES = [
    "read config file",
    "parse error handling",
    "open socket connection",
    "memory allocation failure",
    "retry with backoff",
    "sort list of entries",
    "lock unlock mutex",
    "string to integer",
    "hash table insert",
    "print help message",
]

PIPELINE = """version: 1
name: code
nodes:
  extract: { kind: extract }
  chunk: { kind: chunk, inputs: { outline: extract }, with: { max_chars: 2400 } }
  index: { kind: index, inputs: { chunks: chunk, outline: extract } }
"""


class Measured:
    """What one run of a program cost."""

    def __init__(self, cpu, wall, rss, output):
        self.cpu, self.wall, self.rss, self.output = cpu, wall, rss, output


def measure(command, cwd=None, env=None, accept=(0,)):
    """Runs a command and waits for it with its own resource usage (wait4)."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.monotonic()
        child = subprocess.Popen(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        output = out.read()
        if child.returncode not in accept:
            err.seek(0)
            message = err.read().decode(errors="replace")[-2000:]
            raise SystemExit(f"{' '.join(map(str, command))} ended with {child.returncode}:\n{message}")
    return Measured(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024, output)


def size_of(directory):
    """Bytes of all files beneath a directory, by length; links are not followed."""
    total = 0
    for folder, _, names in os.walk(directory):
        for name in names:
            total += os.lstat(os.path.join(folder, name)).st_size
    return total


def corpus_of(directory):
    """(files, bytes) without hidden directories."""
    files = total = 0
    for folder, folders, names in os.walk(directory):
        folders[:] = [f for f in folders if not f.startswith(".")]
        for name in names:
            stat = os.lstat(os.path.join(folder, name))
            files += 1
            total += stat.st_size
    return files, total


class Sawmill:
    """A scratch workspace over the corpus: its state and cache lie in a directory of their own."""

    def __init__(self, binary, corpus, scratch, workspace, pipeline=PIPELINE):
        self.binary, self.scratch = binary, scratch
        self.home = scratch / "workspace"
        (self.home / "pipelines").mkdir(parents=True)
        (self.home / "pipelines" / "code.yaml").write_text(pipeline)
        if workspace:
            repos = "".join(
                f"  - {{ name: {entry.name.lower().lstrip('_')}, root: {json.dumps(str(entry))} }}\n"
                for entry in sorted(corpus.iterdir())
                if entry.is_dir() and not entry.name.startswith(".")
            )
        else:
            repos = f"  - {{ name: corpus, root: {json.dumps(str(corpus))} }}\n"
        (self.home / "workspace.yaml").write_text(f"version: 1\nname: bench\npipeline: code\nrepos:\n{repos}")

    def clear(self):
        shutil.rmtree(self.home / ".sawmill", ignore_errors=True)

    def run(self, *arguments):
        return measure([self.binary, "-C", str(self.home), "--progress", "off", *arguments])

    def store_bytes(self):
        return size_of(self.home / ".sawmill" / "cache" / "objects")


def edit(file, number):
    """One line more, another one each time; then the time moves on far enough for every stat cache."""
    with open(file, "ab") as handle:
        handle.write(f"\n/* bench {number} */\n".encode())


class Bench:
    def __init__(self, args):
        self.args = args
        self.corpus = Path(args.corpus).resolve()
        self.rows = {}
        self.notes = {}
        self.missing = []

    def add(self, name, measured, **more):
        row = self.rows.setdefault(name, {"cpu": [], "wall": [], "rss": []})
        row["cpu"].append(measured.cpu)
        row["wall"].append(measured.wall)
        row["rss"].append(measured.rss)
        row.update(more)

    def found(self, name):
        path = shutil.which(name)
        if path is None and name not in self.missing:
            self.missing.append(name)
        return path

    def round(self, number, sawmill, scratch, parse, edited):
        sawmill.clear()
        if parse:
            measured = measure([parse, str(self.corpus)])
            self.add("bare parse (tree-sitter, one thread)", measured)
            self.notes["parse"] = json.loads(measured.output.decode().strip().splitlines()[-1])
        self.add("sawmill: clean build", sawmill.run("build"), store=sawmill.store_bytes())
        if ctags := self.found("ctags"):
            tags = scratch / "tags"
            self.add("ctags -R", measure([ctags, "-R", "-f", str(tags), str(self.corpus)]), store=tags.stat().st_size)
        if cindex := self.found("cindex"):
            index = scratch / "csearchindex"
            index.unlink(missing_ok=True)
            environment = dict(os.environ, CSEARCHINDEX=str(index))
            measured = measure([cindex, str(self.corpus)], env=environment)
            self.add("cindex", measured, store=index.stat().st_size)
        self.add("sawmill: null build", sawmill.run("build"))
        if git := self.found("git"):
            self.add("git status", measure([git, "status", "--porcelain"], cwd=self.repository(git, scratch)))
        self.queries(sawmill, scratch)
        before = edited.read_bytes()
        try:
            edit(edited, number)
            self.add("sawmill: build after one edit", sawmill.run("build"))
        finally:
            edited.write_bytes(before)

    def queries(self, sawmill, scratch):
        for query in QUERIES:
            self.add("sawmill: search (whole process)", sawmill.run("search", "--json", query))
        literal = [query.split()[0] for query in QUERIES]
        if csearch := self.found("csearch"):
            environment = dict(os.environ, CSEARCHINDEX=str(scratch / "csearchindex"))
            for word in literal:
                measured = measure([csearch, "-l", word], env=environment, accept=(0, 1))
                self.add("csearch -l (one word)", measured)
        if rg := self.found("rg"):
            for word in literal:
                self.add("rg -l (one word)", measure([rg, "-l", word, str(self.corpus)], accept=(0, 1)))

    def repository(self, git, scratch):
        """A git directory beside the corpus, so that the corpus itself stays as it is."""
        if (self.corpus / ".git").exists():
            return self.corpus
        copy = scratch / "git"
        if not copy.exists():
            shutil.copytree(self.corpus, copy, symlinks=True)
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True, "cwd": copy}
            subprocess.run([git, "init"], **quiet)
            subprocess.run([git, "add", "--all", "--force"], **quiet)
            identity = ["-c", "user.name=bench", "-c", "user.email=bench@localhost"]
            subprocess.run([git, *identity, "commit", "-m", "corpus"], **quiet)
            time.sleep(1.1)  # so that the index is younger than no file
            subprocess.run([git, "status"], **quiet)
        return copy

    def report(self):
        medians = {}
        for name, row in self.rows.items():
            medians[name] = {key: statistics.median(row[key]) for key in ("cpu", "wall", "rss")}
            medians[name]["runs"] = len(row["cpu"])
            if "store" in row:
                medians[name]["store"] = row["store"]
        return medians


def versions():
    """Which programs were measured."""
    found = {}
    asked = {"git": ["git", "--version"], "ctags": ["ctags", "--version"], "rg": ["rg", "--version"]}
    for name, command in asked.items():
        if shutil.which(name):
            result = subprocess.run(command, capture_output=True, text=True, check=False)
            found[name] = (result.stdout or result.stderr).splitlines()[0].strip()
    return found


def machine():
    cpu = ""
    info = Path("/proc/cpuinfo")
    if info.exists():
        match = re.search(r"model name\s*:\s*(.+)", info.read_text())
        cpu = match.group(1) if match else ""
    return {"system": platform.system(), "machine": platform.machine(), "cpu": cpu, "cores": os.cpu_count()}


def build_binaries():
    """The release binary and the parse benchmark; neither is measured while it is compiled."""
    subprocess.run(["cargo", "build", "--release"], cwd=ROOT, check=True)
    command = ["cargo", "bench", "--bench", "parse", "--no-run", "--message-format", "json"]
    messages = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    parse = None
    for line in messages.splitlines():
        message = json.loads(line)
        if message.get("executable") and message.get("target", {}).get("name") == "parse":
            parse = message["executable"]
    return ROOT / "target" / "release" / "sawmill", parse


def table(result):
    corpus = result["corpus"]
    lines = [
        f"### {result['name']}: {corpus['files']} files, {corpus['bytes'] / 1e6:.0f} MB ({result['date']})",
        "",
        "| | CPU s | wall s | peak MB | on disk, × source |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, row in result["medians"].items():
        store = f"{row['store'] / corpus['bytes']:.2f}" if "store" in row else ""
        lines.append(f"| {name} | {row['cpu']:.3f} | {row['wall']:.3f} | {row['rss'] / 1e6:.0f} | {store} |")
    if result["missing"]:
        lines += ["", f"Not found, so not measured: {', '.join(result['missing'])}."]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("--name", help="what the corpus is called in the results; its directory's name by default")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--edit", help="the file that is edited, beneath DIR; by default the source file of middle size")
    parser.add_argument("--workspace", action="store_true", help="each directory of DIR is a repository of its own")
    parser.add_argument("--binary", help="a sawmill that was built before; then the bare parse is left out")
    parser.add_argument("--out", default=str(ROOT / "tests" / "bench" / "results"))
    args = parser.parse_args()
    bench = Bench(args)
    binary, parse = (Path(args.binary), None) if args.binary else build_binaries()
    files, total = corpus_of(bench.corpus)
    if args.edit:
        edited = bench.corpus / args.edit
    else:
        sources = [p for p in bench.corpus.rglob("*") if p.is_file() and p.suffix in {".c", ".rs", ".py", ".js", ".go", ".java"}]
        if not sources:
            sys.exit("no source file to edit was found; name one with --edit")
        edited = sorted(sources, key=lambda p: (p.stat().st_size, p))[len(sources) // 2]
    with tempfile.TemporaryDirectory(prefix="sawmill-bench-") as scratch:
        scratch = Path(scratch)
        sawmill = Sawmill(binary, bench.corpus, scratch, args.workspace)
        subprocess.run(["tar", "-cf", "/dev/null", "."], cwd=bench.corpus, check=True)
        for number in range(args.runs):
            print(f"round {number + 1} of {args.runs}", file=sys.stderr)
            bench.round(number, sawmill, scratch, parse, edited)
    result = {
        "name": args.name or bench.corpus.name,
        "date": time.strftime("%Y-%m-%d"),
        "machine": machine(),
        "versions": versions(),
        "corpus": {"files": files, "bytes": total},
        "runs": args.runs,
        "medians": bench.report(),
        "rows": bench.rows,
        "parse": bench.notes.get("parse"),
        "missing": bench.missing,
    }
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{result['name']}.json").write_text(json.dumps(result, indent=1, sort_keys=True) + "\n")
    print(table(result))


if __name__ == "__main__":
    main()
