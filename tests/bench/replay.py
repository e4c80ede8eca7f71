#!/usr/bin/env python3
"""Builds of consecutive commits of a git repository, beside clean builds of their exports.

    python3 tests/bench/replay.py DIR [--commits 200] [--every 10] [--rev HEAD] [--binary BIN] [--out FILE]

DIR is a git repository with history, or a bare one; it is cloned with shared objects and never written to. The commits are
the last ones on the first-parent line that ends at --rev, from the oldest to the newest. Each is built by
`sawmill build --at` in a process of its own, into one store. Every --every-th commit is exported blob by blob, as it
is in git, into an empty workspace and built there: the ids of both builds, which cover the hashes of all their
artifacts, must be equal, else the script ends with 1. Said are the CPU seconds (user and system) of all commits after
the first one together, in units of one clean build (the median of those made here), and what the store grew by for each
commit.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

WORKSPACE = "version: 1\nname: replay\npipeline: code\nrepos:\n  - {{ name: {name}, root: {root} }}\n"
HERE = Path(__file__).resolve().parent.parent.parent


def git(root, *args, **more):
    return subprocess.run(["git", "-C", root, *args], check=True, stdout=subprocess.PIPE, **more).stdout


def workspace(at, name, root):
    (at / "pipelines").mkdir(parents=True)
    shutil.copy(HERE / "pipelines/code.yaml", at / "pipelines/code.yaml")
    (at / "workspace.yaml").write_text(WORKSPACE.format(name=name, root=root))


def sawmill(binary, at, *args):
    """The object that a command prints, and its CPU seconds, those of its workers included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ran = subprocess.run([binary, *args, "--json"], cwd=at, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if ran.returncode != 0:
        sys.exit(f"{args}: {ran.stdout.decode()}{ran.stderr.decode()}")
    return json.loads(ran.stdout), after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def export(root, commit, to):
    """The blobs of a commit as files; links as links, submodules as empty directories."""
    entries = [line.partition(b"\t") for line in git(root, "ls-tree", "-r", "-z", commit).split(b"\0") if line]
    ids = b"".join(head.split(b" ")[2] + b"\n" for head, _, _ in entries if not head.startswith(b"160000"))
    blobs = memoryview(git(root, "cat-file", "--batch", input=ids))
    at = 0
    for head, _, name in entries:
        path = os.path.join(os.fsencode(to), name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if head.startswith(b"160000"):
            os.makedirs(path)
            continue
        end = at + bytes(blobs[at : at + 100]).index(b"\n")
        size = int(bytes(blobs[at:end]).split(b" ")[2])
        body = bytes(blobs[end + 1 : end + 1 + size])
        at = end + 1 + size + 1
        if head.startswith(b"120000"):
            os.symlink(body, path)
        else:
            with open(path, "wb") as file:
                file.write(body)


def grown(at):
    """Files and their bytes."""
    files = [Path(top) / name for top, _, names in os.walk(at / ".sawmill") for name in names]
    return len(files), sum(file.lstat().st_size for file in files)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir")
    parser.add_argument("--commits", type=int, default=200)
    parser.add_argument("--every", type=int, default=10)
    parser.add_argument("--rev", default="HEAD")
    parser.add_argument("--binary", default=str(HERE / "target/release/sawmill"))
    parser.add_argument("--out")
    args = parser.parse_args()
    args.binary = os.path.abspath(args.binary)
    with tempfile.TemporaryDirectory() as tmp:
        tmp = Path(tmp)
        bench = tmp / "bench"
        workspace(bench, "repo", "repo")
        source = os.path.abspath(args.dir)
        subprocess.run(["git", "clone", "-q", "--shared", "--no-checkout", source, bench / "repo"], check=True)
        line = git(bench / "repo", "rev-list", "--first-parent", f"--max-count={args.commits}", args.rev)
        commits = line.decode().split()[::-1]
        cpu, sizes, clean, ran, reused = [], [], [], 0, 0
        for number, commit in enumerate(commits):
            report, seconds = sawmill(args.binary, bench, "build", "--at", commit)
            cpu.append(seconds)
            sizes.append(grown(bench))
            if number > 0:
                ran += sum(report["ran"].values())
                reused += sum(report["reused"].values())
            if number % args.every == 0 or number == len(commits) - 1:
                other = tmp / "clean"
                workspace(other, "repo", "repo")
                export(bench / "repo", commit, other / "repo")
                built, seconds = sawmill(args.binary, other, "build")
                clean.append(seconds)
                shutil.rmtree(other)
                if built["repos"][0]["build"] != report["at"][0]["build"]:
                    sys.exit(f"{commit}: {report['at'][0]['build']}, and clean {built['repos'][0]['build']}")
                print(f"{number + 1:4} {commit[:12]} equal, {seconds:.1f} s clean", file=sys.stderr)
    one, rest = statistics.median(clean), sum(cpu[1:])
    steps = [after[1] - before[1] for before, after in zip(sizes, sizes[1:])]
    result = {
        "commits": len(commits),
        "compared": len(clean),
        "clean_cpu_seconds": round(one, 2),
        "first_cpu_seconds": round(cpu[0], 2),
        "rest_cpu_seconds": round(rest, 2),
        "rest_in_clean_builds": round(rest / one, 2),
        "cpu_seconds_per_commit": {"median": round(statistics.median(cpu[1:]), 3), "most": round(max(cpu[1:]), 3)},
        "actions_per_commit": {"ran": round(ran / len(steps), 1), "reused": round(reused / len(steps), 1)},
        "store_bytes": {"first": sizes[0][1], "last": sizes[-1][1]},
        "store_bytes_per_commit": {"median": statistics.median(steps), "mean": sum(steps) / len(steps), "most": max(steps)},
        "store_files_per_commit": round((sizes[-1][0] - sizes[0][0]) / len(steps), 1),
    }
    text = json.dumps(result, indent=2)
    print(text)
    if args.out:
        Path(args.out).write_text(text + "\n")


if __name__ == "__main__":
    main()
