"""Adam steps of an MLP on made-up batches by numpy. Arguments: batch, inputs, hidden, classes, threads.

Each line in is {"steps": n}; out are its seconds and the last loss. Sigmoid cross-entropy, ReLU, Adam, as the app trains.
"""

import json
import os
import sys
import time

batch, inputs, hidden, classes, threads = map(int, sys.argv[1:])
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(threads)

import numpy as np  # noqa: E402

random = np.random.default_rng(0)
sizes = [inputs, hidden, classes]
shapes = [shape for a, b in zip(sizes, sizes[1:]) for shape in ((a, b), (b,))]
weights = [(random.standard_normal(shape) / np.sqrt(shape[0]) * (len(shape) > 1)).astype(np.float32) for shape in shapes]
first = [np.zeros_like(each) for each in weights]
second = [np.zeros_like(each) for each in weights]
features = random.standard_normal((batch, inputs), np.float32)
targets = (random.random((batch, classes)) < 0.001).astype(np.float32)
taken = 0


def step():
    global taken
    taken += 1
    w1, b1, w2, b2 = weights
    before = features @ w1 + b1
    active = np.maximum(before, 0)
    logits = active @ w2 + b2
    loss = float((np.maximum(logits, 0) - logits * targets + np.log1p(np.exp(-np.abs(logits)))).sum() / batch)
    error = (1 / (1 + np.exp(-logits)) - targets) / np.float32(batch)
    back = (error @ w2.T) * (before > 0)
    slopes = [features.T @ back, back.sum(0), active.T @ error, error.sum(0)]
    rate = np.float32(0.001 / (1 - 0.9**taken))
    correction = np.float32(1 / (1 - 0.999**taken))
    for weight, slope, m, v in zip(weights, slopes, first, second):
        m *= np.float32(0.9)
        m += np.float32(0.1) * slope
        v *= np.float32(0.999)
        v += np.float32(0.001) * slope * slope
        weight -= rate * m / (np.sqrt(v * correction) + np.float32(1e-8))
    return loss


for line in sys.stdin:
    steps = json.loads(line)["steps"]
    started = time.perf_counter()
    for _ in range(steps):
        loss = step()
    print(json.dumps({"seconds": time.perf_counter() - started, "loss": loss, "numpy": np.__version__}), flush=True)
