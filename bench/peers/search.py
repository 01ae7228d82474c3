"""Exact search of random vectors. Arguments: rows, dimensions, matches. Each line in is a query; out are its seconds."""

import json
import sys
import time

import numpy as np

try:
    import faiss
except ImportError:
    faiss = None

rows, dimensions, limit = map(int, sys.argv[1:])
random = np.random.default_rng(0)
gallery = random.random((rows, dimensions), np.float32)
gallery /= np.linalg.norm(gallery, axis=1, keepdims=True)
if faiss:
    faiss.omp_set_num_threads(1)
    index = faiss.IndexFlatIP(dimensions)
    index.add(gallery)


def search(query):
    if faiss:
        return index.search(query[None], limit)[1][0]
    scores = gallery @ query
    best = np.argpartition(-scores, limit)[:limit]
    return best[np.argsort(-scores[best])]


for _ in sys.stdin:
    query = random.random(dimensions, np.float32)
    started = time.perf_counter()
    query /= np.linalg.norm(query)
    assert len(search(query)) == limit
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "library": "faiss" if faiss else "numpy"}), flush=True)
