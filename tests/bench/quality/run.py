#!/usr/bin/env python3
"""How well Sawmill ranks, beside plain BM25 over the same chunks, on questions whose answers are known.

    python3 tests/bench/quality/run.py DIR… [--work /tmp/quality] [--keep] [--out tests/bench/results/quality.json]

Each DIR holds source trees, bare repositories, or OWNER+NAME/repo as bare repositories. Everything that is made lies
under --work; with --keep the sets that lie there are asked again. Needed are `sawmill` (target/release, or SAWMILL), the
program of `cargo build --release --bench quality`, git, and for the comparison PyPI `tantivy`; nothing is installed, and
what is missing is named.

Five kinds of questions, each made by script (`sets.py`), the same on every machine:

  doc        the first sentence of a function's documentation → that function. The documentation is removed from the copy
             of the tree that is indexed. Left out are sentences that stand elsewhere too, that name the function, or that
             say its name and nothing more, and functions of fewer than three lines.
  symbol     a name → its definitions: whole, without its first or last part, its first letters, and in other styles
             (parseconfigfile, ParseConfigFile, PARSE_CONFIG_FILE, parse-config-file). But for whole names, only names that
             one definition has, and parts that no other name has.
  qualified  a name as code writes it with what is around it (Mutex::lock, Server.Serve, Rack#call) → its definitions;
             first those whose last name several scopes define.
  commit     the subject of a commit → the one to five files that it changed, where all of them still exist. The tree is
             that of HEAD, so the change is in it.
  literal    a text that stands in one to three lines → their files.

Repositories are either for tuning or held out, by the hash of their names. `tune.py` looks at the first alone.
Each repository is searched by itself. A question counts nDCG@10, reciprocal rank, recall@50; a thing that several chunks
show counts where it is shown first. Intervals (95 %) are of nDCG@10, by bootstrap over questions.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import measure
import sets

ROOT = Path(__file__).resolve().parents[3]
KINDS = ["doc", "symbol", "qualified", "commit", "literal"]


def built(pattern, what):
    """The newest program of that name."""
    found = [p for p in (ROOT / "target" / "release").glob(pattern) if p.suffix == "" and os.access(p, os.X_OK)]
    if not found:
        sys.exit(f"there is no {what}: run `cargo build --release --bins --bench quality`")
    return max(found, key=lambda p: p.stat().st_mtime)


def ask_sawmill(work, questions, limit, weights):
    """Per line of weights, the answers to all questions."""
    asked = work / f"asked-{limit}.jsonl"
    asked.write_text("".join(json.dumps(question) + "\n" for question in questions))
    command = [built("deps/quality-*", "bench program"), work / "asked" / "workspace.yaml", asked, str(limit)]
    done = subprocess.run(command, input="".join(json.dumps(w) + "\n" for w in weights), capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"the bench program failed: {done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def default_weights():
    return json.loads(subprocess.run([built("deps/quality-*", "bench program")], capture_output=True, check=True).stdout)


def read_questions(work):
    with (work / "questions.jsonl").open() as lines:
        return [json.loads(line) for line in lines]


def ask_all(work, questions):
    """Program → per question, what it found."""
    found = {"sawmill": ask_sawmill(work, questions, measure.RECALL_DEPTH, [default_weights()])[0]}
    try:
        import plain
    except ImportError:
        print("missing: PyPI tantivy; Sawmill stands alone", file=sys.stderr)
        return found
    places = {}
    for at, question in enumerate(questions):
        places.setdefault(question["repo"], []).append(at)
    for repo, asked in sorted(places.items()):
        for name, answers in plain.answers(work, repo, [questions[at] for at in asked]).items():
            column = found.setdefault(name, [None] * len(questions))
            for at, answer in zip(asked, answers):
                column[at] = measure.names(questions[at], answer)
    return found


def report(questions, found):
    rows = []
    for split in ("tuning", "held-out"):
        groups = [(kind, lambda q, kind=kind: q["kind"] == kind) for kind in KINDS]
        variants = sorted({q["variant"] for q in questions if "variant" in q})
        groups += [(f"symbol {variant}", lambda q, variant=variant: q.get("variant") == variant) for variant in variants]
        for group, fits in groups:
            for program, answers in found.items():
                judged = [measure.judge(q, a) for q, a in zip(questions, answers) if q["split"] == split and fits(q)]
                if judged:
                    rows.append({"split": split, "kind": group, "program": program, **measure.summary(judged)})
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directories", nargs="*", type=Path)
    parser.add_argument("--work", type=Path, default=Path("/tmp/quality"))
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--out", type=Path, default=ROOT / "tests" / "bench" / "results" / "quality.json")
    args = parser.parse_args()
    if not args.keep:
        if not args.directories:
            parser.error("which directories?")
        sets.make(os.environ.get("SAWMILL") or built("sawmill", "sawmill"), args.directories, args.work)
    questions = read_questions(args.work)
    rows = report(questions, ask_all(args.work, questions))
    repos = {split: sorted({q["repo"] for q in questions if q["split"] == split}) for split in ("tuning", "held-out")}
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps({"python": platform.python_version(), "repositories": repos, "rows": rows}, indent=1) + "\n")
    print("| split | kind | questions | program | nDCG@10 | 95 % | MRR | recall@50 |\n|---|---|---|---|---|---|---|---|")
    for row in rows:
        print("| {split} | {kind} | {questions} | {program} | {ndcg10:.3f} | {low:.3f}–{high:.3f} | {mrr:.3f} | {recall50:.3f} |".format(**row))


if __name__ == "__main__":
    main()
