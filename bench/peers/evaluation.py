"""Evaluation of a ranking by numpy. Arguments: videos, dimensions, path of the .npz to write.

Lines in: {"do": "make"} makes vectors with planted classes and groups and writes them; {"do": "evaluate"} ranks every
video against those of other groups, and gives the seconds and the mean of each metric over the queries.
"""

import json
import sys
import time

import numpy as np

KS = [1, 5, 10, 20, 50]
CLASSES, GROUPS, REPLICATES, BINS, TOP = 101, 25, 1000, 65536, 50
count, dimensions, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]


def make():
    random = np.random.default_rng(0)
    source = np.arange(count) * (CLASSES * GROUPS) // count
    labels, groups = source // GROUPS, source
    clip = np.arange(count) - np.searchsorted(source, source)
    centres = random.standard_normal((CLASSES, dimensions), np.float32)
    offsets = random.standard_normal((CLASSES * GROUPS, dimensions), np.float32)
    noise = random.standard_normal((count, dimensions), np.float32)
    vectors = np.maximum(0, 0.5 * centres[labels] + 0.8 * offsets[groups] + noise)
    names = [f"C{label:03d}" for label in range(CLASSES)]
    paths = [f"v_{names[a]}_g{b % GROUPS + 1:02d}_c{c + 1:02d}.avi" for a, b, c in zip(labels, groups, clip)]
    np.savez(path, features=vectors, video_paths=np.array(paths), labels=np.array(names)[labels])
    return vectors, labels, groups


def evaluate(vectors, labels, groups):
    vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    names = [f"{name}@{k}" for name in ("hit", "precision", "recall", "f1", "ndcg") for k in KS]
    names += ["ap", "r-precision", "map@r", "reciprocal-rank", "auc"]
    values = np.zeros((len(names), count))
    position = np.arange(1, count + 1)
    discount = 1 / np.log2(position + 1)
    ideal = np.cumsum(discount)
    pooled = np.zeros((2, BINS), np.int64)
    interpolated = np.zeros((count, 11))
    rates = np.zeros((count, 101))
    top = np.zeros((count, TOP), np.int32)
    top_scores = np.zeros((count, TOP), np.float32)
    for start in range(0, count, 256):
        rows = np.arange(start, min(start + 256, count))
        line = np.arange(len(rows))
        scores = vectors[rows] @ vectors.T
        excluded = groups[rows][:, None] == groups
        same = (labels[rows][:, None] == labels) & ~excluded
        bins = np.clip((scores + 1) * (BINS / 2), 0, BINS - 1).astype(np.int32)
        pooled[1] += np.bincount(bins[same], minlength=BINS)
        pooled[0] += np.bincount(bins[~same & ~excluded], minlength=BINS)
        scores[excluded] = -np.inf
        order = np.argsort(-scores, axis=1)
        hit = np.take_along_axis(same, order, 1)
        hits = np.cumsum(hit, axis=1, dtype=np.int32)
        relevant = hits[:, -1]
        gallery = count - excluded.sum(1)
        precision = hits / position
        gain = np.cumsum(np.where(hit, discount, 0), axis=1)
        at_hits = np.where(hit, precision, 0)
        summed = np.cumsum(at_hits, axis=1)
        rank_sum = (hit * position).sum(1)
        top[rows] = order[:, :TOP]
        top_scores[rows] = np.take_along_axis(scores, order[:, :TOP], 1)
        for j, k in enumerate(KS):
            found = hits[:, k - 1]
            values[j, rows] = found > 0
            values[5 + j, rows] = found / k
            values[10 + j, rows] = found / relevant
            values[15 + j, rows] = 2 * found / (k + relevant)
            values[20 + j, rows] = gain[:, k - 1] / ideal[np.minimum(k, relevant) - 1]
        values[25, rows] = summed[:, -1] / relevant
        values[26, rows] = hits[line, relevant - 1] / relevant
        values[27, rows] = summed[line, relevant - 1] / relevant
        values[28, rows] = 1 / (np.argmax(hit, axis=1) + 1)
        misplaced = rank_sum - relevant * (relevant + 1) / 2
        values[29, rows] = 1 - misplaced / (relevant * (gallery - relevant))
        for i, row in enumerate(rows):
            places = np.flatnonzero(hit[i])
            best = np.maximum.accumulate(precision[i, places][::-1])[::-1]
            needed = np.ceil(np.arange(11) * relevant[i] / 10).astype(int)
            interpolated[row] = best[np.maximum(needed - 1, 0)]
            alarms = places - np.arange(len(places))
            limit = np.arange(101) * (gallery[i] - relevant[i]) / 100
            rates[row] = np.searchsorted(alarms, limit, side="right") / relevant[i]
    curves(pooled)
    confusion(labels, top)
    intervals(values, labels, groups)
    return dict(zip(names, values.mean(1).tolist()))


def curves(pooled):
    falling = np.cumsum(pooled[:, ::-1], axis=1)
    recall, fall_out = falling[1] / falling[1, -1], falling[0] / falling[0, -1]
    precision = falling[1] / np.maximum(falling.sum(0), 1)
    return np.sum(np.diff(recall, prepend=0) * precision), np.sum(np.diff(fall_out) * (recall[1:] + recall[:-1]) / 2)


def confusion(labels, top):
    first = np.bincount(labels * CLASSES + labels[top[:, 0]], minlength=CLASSES**2)
    pairs = (labels[:, None] * CLASSES + labels[top[:, :5]]).ravel()
    return first, np.bincount(pairs, minlength=CLASSES**2)


def intervals(values, labels, groups):
    """95 % bootstrap intervals over groups of the mean over queries and over classes."""
    random = np.random.default_rng(1)
    clusters = CLASSES * GROUPS
    sums = np.stack([np.bincount(groups, each, clusters) for each in values])
    sizes = np.bincount(groups, minlength=clusters)
    weights = random.multinomial(clusters, np.full(clusters, 1 / clusters), REPLICATES)
    micro = (weights @ sums.T) / (weights @ sizes)[:, None]
    macro = np.zeros_like(micro)
    for label in range(CLASSES):
        own = slice(label * GROUPS, (label + 1) * GROUPS)
        macro += (weights[:, own] @ sums[:, own].T) / np.maximum(weights[:, own] @ sizes[own], 1)[:, None]
    return np.quantile(micro, [0.025, 0.975], axis=0), np.quantile(macro / CLASSES, [0.025, 0.975], axis=0)


made = ()
for request in sys.stdin:
    if json.loads(request)["do"] == "make":
        made = make()
        print("{}", flush=True)
    else:
        started = time.perf_counter()
        metrics = evaluate(*made)
        print(json.dumps({"seconds": time.perf_counter() - started, "metrics": metrics, "numpy": np.__version__}), flush=True)
