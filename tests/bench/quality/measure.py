"""nDCG@10, MRR and recall@50, with intervals."""

import math
import random
from statistics import fmean

DEPTH, RECALL_DEPTH, RESAMPLES = 10, 50, 1000


def names(question, places):
    """What hits are called, each file once where files are asked for."""
    if "files" not in question:
        return places
    seen = {}
    for place in places:
        seen.setdefault(place.rsplit(":", 1)[0], None)
    return list(seen)


def judge(question, found):
    """A thing counts where it is shown first. The ideal shows one new thing a hit."""
    wanted = [{path} for path in question["files"]] if "files" in question else [set(item) for item in question["items"]]
    open_, gain, first, seen = list(wanted), 0.0, None, 0
    for rank, name in enumerate(found[:RECALL_DEPTH]):
        left = [item for item in open_ if name not in item]
        if len(left) < len(open_):
            seen += len(open_) - len(left)
            first = rank if first is None else first
            gain += 1 / math.log2(rank + 2) if rank < DEPTH else 0.0
        open_ = left
    ideal = sum(1 / math.log2(rank + 2) for rank in range(min(len(wanted), DEPTH)))
    return gain / ideal, 0.0 if first is None else 1 / (first + 1), seen / len(wanted)


def interval(values, salt):
    """95 % of the means of resamples lie in it."""
    dice = random.Random(salt)
    means = sorted(fmean(dice.choices(values, k=len(values))) for _ in range(RESAMPLES))
    return means[int(0.025 * RESAMPLES)], means[int(0.975 * RESAMPLES) - 1]


def summary(judged):
    """Of a list of judgements, each measure's mean, and the interval of the first."""
    first = [j[0] for j in judged]
    low, high = interval(first, len(judged))
    mean = [fmean(column) for column in zip(*judged)]
    values = {"ndcg10": mean[0], "low": low, "high": high, "mrr": mean[1], "recall50": mean[2]}
    return {"questions": len(judged), **{key: round(value, 4) for key, value in values.items()}}
