#!/usr/bin/env python3
"""Queries of Sawmill beside csearch, ripgrep and tantivy, on one corpus, in one run.

    python3 tests/bench/search.py DIR [--name NAME] [--runs 5] [--binary BIN] [--queries BIN] [--out tests/bench/results]

DIR is a source tree. Nothing is installed: codesearch (Debian) and ripgrep are used where they are found, tantivy
(PyPI) where this Python has it; what is missing is named. The indexes lie outside the corpus and are thrown away.

Exact queries run as whole processes, because that is how csearch and rg are used: wall seconds, CPU seconds (user and
system) and the peak resident size, the medians of rounds in which every program answers once, in turn. All three count
lines (`search --count --json`'s totals, `csearch -c`, `rg -c`), case as the query says. Ranked queries run as processes
and, through `cargo bench --bench queries`, inside one process, cold and warm; tantivy answers in its own process over
the same files, whole files as documents. A timing never fails anything; a different count of lines is printed.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import peers  # noqa: E402

# (what it stands for, Sawmill's query, the pattern of csearch and rg, is case ignored)
EXACT = [
    ("rare literal", '"EXPORT_SYMBOL_GPL(kvm_"', r"EXPORT_SYMBOL_GPL\(kvm_", False),
    ("literal", 'case:yes "kmalloc_array("', r"kmalloc_array\(", False),
    ("literal, any case", 'case:no "kmalloc_array("', r"kmalloc_array\(", True),
    ("expression", r"case:yes /spin_lock_irqsave\(&\w+->lock/", r"spin_lock_irqsave\(&\w+->lock", False),
    ("two words apart", "case:yes /foo.*bar/", "foo.*bar", False),
    ("the same, open ends", "case:yes /.*foo.*bar/", ".*foo.*bar", False),
    ("alternatives", "case:yes /(copy|get|put)_user_page/", "(copy|get|put)_user_page", False),
    ("no such text", '"qzxjkvwq"', "qzxjkvwq", False),
    ("common word", 'case:yes "return"', "return", False),
    ("one letter", "case:yes /e/", "e", False),
    ("weak, any case", "case:no /s.t/", "s.t", True),
]

RANKED = peers.QUERIES + ["kmalloc_array", "tcp_v4_connect", "KmallocArray", "net/ipv4/tcp.c", "copy bytes to user space"]


class Rounds:
    def __init__(self):
        self.rows = {}

    def add(self, query, tool, measured, lines=None):
        row = self.rows.setdefault((query, tool), {"wall": [], "cpu": [], "rss": [], "lines": lines})
        row["wall"].append(measured.wall)
        row["cpu"].append(measured.cpu)
        row["rss"].append(measured.rss)

    def median(self, query, tool, key):
        row = self.rows.get((query, tool))
        return statistics.median(row[key]) if row else None


def counted(output):
    """The sum of `path:count` lines."""
    counts = (line.rsplit(b":", 1)[-1].strip() for line in output.splitlines())
    return sum(int(count) for count in counts if count.isdigit())


def exact_round(rounds, sawmill, corpus, index, tools):
    for _, query, pattern, any_case in EXACT:
        measured = sawmill.run("search", "--json", query)
        exact = json.loads(measured.output).get("exact") or {}
        rounds.add(query, "sawmill", measured, exact.get("lines"))
        if "csearch" in tools:
            command = ["csearch", "-c", *(["-i"] if any_case else []), pattern]
            measured = peers.measure(command, env=dict(os.environ, CSEARCHINDEX=str(index)), accept=(0, 1))
            rounds.add(query, "csearch", measured, counted(measured.output))
        if "rg" in tools:
            flags = ["--no-config", "--no-ignore", "--hidden", "--encoding", "none", "--text", "-c"]
            command = ["rg", *flags, *(["-i"] if any_case else []), "-e", pattern, str(corpus)]
            measured = peers.measure(command, accept=(0, 1))
            rounds.add(query, "rg", measured, counted(measured.output))


def ranked_round(rounds, sawmill):
    for query in RANKED:
        rounds.add(query, "sawmill", sawmill.run("search", "--json", query))


def inside(binary, home, runs):
    """Milliseconds inside of one process, by query."""
    asked = "\n".join(RANKED) + "\n"
    command = [binary, str(home / "workspace.yaml"), str(runs)]
    out = subprocess.run(command, input=asked, capture_output=True, text=True, check=True).stdout
    return {row["query"]: row for row in map(json.loads, out.splitlines())}


def tantivy_times(corpus, scratch, runs):
    """Milliseconds of the ten best warm, by query; None where tantivy is not installed."""
    try:
        import tantivy
    except ImportError:
        return None
    schema = tantivy.SchemaBuilder().add_text_field("path", stored=True).add_text_field("body").build()
    home = scratch / "tantivy"
    home.mkdir()
    index = tantivy.Index(schema, path=str(home))
    writer = index.writer(heap_size=256 << 20, num_threads=2)
    for folder, folders, names in os.walk(corpus):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(folder) / name
            if path.is_file() and not path.is_symlink():
                writer.add_document(tantivy.Document(path=str(path), body=path.read_bytes().decode(errors="replace")))
    writer.commit()
    index.reload()
    searcher, times = index.searcher(), {}
    for query in RANKED:
        words = " ".join("".join(c if c.isalnum() else " " for c in query).split())
        parsed, of_query = index.parse_query(words, ["body"]), []
        for _ in range(runs + 1):
            start = time.perf_counter()
            searcher.search(parsed, 10)
            of_query.append((time.perf_counter() - start) * 1e3)
        times[query] = statistics.median(of_query[1:])
    return times


def queries_binary():
    command = ["cargo", "bench", "--bench", "queries", "--no-run", "--message-format", "json"]
    messages = subprocess.run(command, cwd=peers.ROOT, check=True, capture_output=True, text=True).stdout
    for message in map(json.loads, messages.splitlines()):
        if message.get("executable") and message.get("target", {}).get("name") == "queries":
            return message["executable"]
    sys.exit("cargo built no program `queries`")


def seconds(value):
    return "" if value is None else f"{value:.3f}"


def tables(rounds, warm, tantivy, tools):
    lines = ["| exact query | lines | Sawmill s | peak MB | " + " | ".join(f"{t} s" for t in tools) + " |"]
    lines.append("|---|---:|---:|---:|" + "---:|" * len(tools))
    for what, query, _, _ in EXACT:
        own = rounds.rows[(query, "sawmill")]
        others = [seconds(rounds.median(query, tool, "wall")) for tool in tools]
        mega = statistics.median(own["rss"]) / 1e6
        found = own["lines"] or 0
        lines.append(f"| {what}: `{query}` | {found} | {seconds(statistics.median(own['wall']))} | {mega:.0f} | {' | '.join(others)} |")
        for tool in tools:
            other = rounds.rows[(query, tool)]["lines"]
            if other != found:
                print(f"{query}: {found} lines here, {other} by {tool}", file=sys.stderr)
    lines += ["", "| ranked query | process s | peak MB | cold ms | warm, snippets ms | warm, places ms | tantivy ms |"]
    lines.append("|---|---:|---:|---:|---:|---:|---:|")
    for query in RANKED:
        own = rounds.rows[(query, "sawmill")]
        row = warm.get(query, {})
        times = " | ".join(f"{row[key]:.1f}" if key in row else "" for key in ("cold", "top", "places"))
        other = f"{tantivy[query]:.2f}" if tantivy else ""
        mega = statistics.median(own["rss"]) / 1e6
        lines.append(f"| {query} | {seconds(statistics.median(own['wall']))} | {mega:.0f} | {times} | {other} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("--name", help="what the corpus is called in the results; its directory's name by default")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--binary", help="a sawmill that was built before")
    parser.add_argument("--queries", help="the program of `cargo bench --bench queries`, built before")
    parser.add_argument("--home", help="a workspace over DIR that was built before, in place of a scratch one")
    parser.add_argument("--out", default=str(peers.ROOT / "tests" / "bench" / "results"))
    args = parser.parse_args()
    corpus = Path(args.corpus).resolve()
    binary = args.binary or peers.build_binaries()[0]
    queries = args.queries or queries_binary()
    tools = [tool for tool in ("csearch", "rg") if shutil.which(tool)]
    missing = [tool for tool in ("csearch", "rg") if tool not in tools]
    with tempfile.TemporaryDirectory(prefix="sawmill-bench-") as scratch:
        scratch = Path(scratch)
        sawmill = peers.Sawmill(binary, corpus, scratch, False)
        if args.home:
            sawmill.home = Path(args.home)
        else:
            sawmill.run("build")
        index = scratch / "csearchindex"
        if "csearch" in tools:
            peers.measure(["cindex", str(corpus)], env=dict(os.environ, CSEARCHINDEX=str(index)))
        rounds = Rounds()
        for number in range(args.runs + 1):
            # The first round warms the page cache for everybody.
            rounds = Rounds() if number == 1 else rounds
            print(f"round {number} of {args.runs}", file=sys.stderr)
            exact_round(rounds, sawmill, corpus, index, tools)
            ranked_round(rounds, sawmill)
        warm = inside(queries, sawmill.home, max(args.runs, 5))
        tantivy = tantivy_times(corpus, scratch, max(args.runs, 5))
    if tantivy is None:
        missing.append("tantivy")
    name = args.name or corpus.name
    rows = [{"query": query, "tool": tool, **row} for (query, tool), row in rounds.rows.items()]
    result = {
        "name": name,
        "date": time.strftime("%Y-%m-%d"),
        "machine": peers.machine(),
        "versions": peers.versions(),
        "runs": args.runs,
        "rows": rows,
        "inside": warm,
        "tantivy": tantivy,
        "missing": missing,
    }
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{name}-search.json").write_text(json.dumps(result, indent=1, sort_keys=True) + "\n")
    print(tables(rounds, warm, tantivy, tools))
    if missing:
        print(f"Not found, so not measured: {', '.join(missing)}.")


if __name__ == "__main__":
    main()
