#!/usr/bin/env python3
"""Coordinate search over the weights of ranking, on the tuning repositories alone.

    python3 tests/bench/quality/tune.py --work /tmp/quality --profile sentence|name [--start WEIGHTS.json] [--rounds 2]
        [--only FIELD,…]

run.py must have made the sets. Each field of the profile is tried at some values around its own; a change stays where the
mean over the kinds of questions rises by at least 0.0005. Sentences are judged by `doc` (0.6) and `commit` (0.4) together, names by
`symbol`. Printed is each step that stays, and at the end what each field brings: the loss where it is set back to the
value that switches it off. The weights go to --out.
"""

import argparse
import copy
import json
import subprocess
import sys
from pathlib import Path
from statistics import fmean

from ground import number
from run import built, default_weights, read_questions

KINDS = {"sentence": {"doc": 0.6, "commit": 0.4}, "name": {"symbol": 1.0}}
STEPS = [0.6, 1.6]
AT_MOST_ONE = {"test", "vendored", "generated", "minified", "documentation", "text", "piece", "group", "section", "data", "block", "head", "listed",
               "coverage_floor", "coverage_idf", "part_coverage", "stem", "forms", "short", "synonym", "style", "lengths"}
OFF = {"part": 0.0, "stem": 0.0, "forms": 0.0, "short": 0.0, "synonym": 0.0, "style": 0.0, "prefix": 0.0, "pair": 0.0,
       "filler": 1.0, "coverage_floor": 1.0, "coverage_idf": 0.0, "exact": 0.0, "naming": 0.0, "test": 1.0, "vendored": 1.0,
       "generated": 1.0, "minified": 1.0, "documentation": 1.0, "text": 1.0, "piece": 1.0, "group": 1.0, "section": 1.0,
       "data": 1.0, "block": 1.0, "head": 1.0, "listed": 0.0, "family": 0.0}
STARTS = {key: [0.2, 0.6] for key, value in OFF.items() if value == 0.0}
GAIN = 0.0005


class Judge:
    """The bench program, kept open: its artifacts stay in memory."""

    def __init__(self, work, profile, share):
        self.kinds = KINDS[profile]
        fits = [q for q in read_questions(work) if q["split"] == "tuning" and q["kind"] in self.kinds]
        self.questions = [q for q in fits if number(q["repo"], q["query"]) % share == 0]
        asked = work / f"tuned-{profile}.jsonl"
        asked.write_text("".join(json.dumps(q) + "\n" for q in self.questions))
        command = [built("deps/quality-*", "bench program"), work / "asked" / "workspace.yaml", asked, "10"]
        self.program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, weights):
        self.program.stdin.write(json.dumps(weights) + "\n")
        self.program.stdin.flush()
        line = self.program.stdout.readline()
        if not line:
            sys.exit("the bench program ended")
        by_kind = {kind: [] for kind in self.kinds}
        for question, value in zip(self.questions, json.loads(line)):
            by_kind[question["kind"]].append(value)
        means = {kind: fmean(values) for kind, values in by_kind.items()}
        return sum(self.kinds[kind] * mean for kind, mean in means.items()), means


def coordinates(profile):
    for key, value in profile.items():
        if isinstance(value, bool):
            continue
        if isinstance(value, list):
            yield from ((key, at) for at in range(len(value)))
        else:
            yield key, None


def value_of(profile, place):
    key, at = place
    return profile[key] if at is None else profile[key][at]


def put(weights, name, place, value):
    changed = copy.deepcopy(weights)
    key, at = place
    if at is None:
        changed[name][key] = value
    else:
        changed[name][key][at] = value
    return changed


def tries(place, value):
    key, _ = place
    values = {value * step for step in STEPS} if value else set(STARTS.get(key, [0.2, 0.6]))
    values |= {value + 0.15, value - 0.15, OFF.get(key, value)} if key in AT_MOST_ONE else {OFF.get(key, value)}
    values = {round(min(max(v, 0.0), 1.0 if key in AT_MOST_ONE else 99.0), 3) for v in values}
    return sorted(values - {value})


def search(judge, weights, name, rounds, only):
    best, means = judge(weights)
    print(f"start {best:.4f} {means}", flush=True)
    for _ in range(rounds):
        before = best
        for place in list(coordinates(weights[name])):
            if only and place[0] not in only:
                continue
            value = value_of(weights[name], place)
            tried = [(judge(put(weights, name, place, v)), v) for v in tries(place, value)]
            if not tried:
                continue
            (score, found), chosen = max(tried)
            if score > best + GAIN:
                weights, best, means = put(weights, name, place, chosen), score, found
                print(f"{place[0]}{'' if place[1] is None else place[1]} {value} → {chosen}: {best:.4f} {means}", flush=True)
        if best - before < 2 * GAIN:
            break
    return weights, best


def contributions(judge, weights, name, best):
    for place in coordinates(weights[name]):
        off = OFF.get(place[0])
        if off is not None and value_of(weights[name], place) != off:
            score, means = judge(put(weights, name, place, off))
            print(f"without {place[0]}: {score - best:+.4f} {means}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path("/tmp/quality"))
    parser.add_argument("--profile", choices=sorted(KINDS), required=True)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--share", type=int, default=1, help="ask one of so many questions")
    parser.add_argument("--only", default="")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    weights = json.loads(args.start.read_text()) if args.start else default_weights()
    judge = Judge(args.work, args.profile, args.share)
    weights, best = search(judge, weights, args.profile, args.rounds, set(filter(None, args.only.split(","))))
    print(json.dumps(weights[args.profile]), flush=True)
    if args.out:
        args.out.write_text(json.dumps(weights, indent=1) + "\n")
    contributions(judge, weights, args.profile, best)


if __name__ == "__main__":
    main()
