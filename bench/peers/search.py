"""Exact search of random vectors. Arguments: rows, dimensions. Each line in is a query for so many matches; out are its seconds."""

import json
import sys
import time

import faiss
import numpy as np

rows, dimensions = map(int, sys.argv[1:])
random = np.random.default_rng(0)
gallery = random.random((rows, dimensions), np.float32)
gallery /= np.linalg.norm(gallery, axis=1, keepdims=True)
faiss.omp_set_num_threads(1)
index = faiss.IndexFlatIP(dimensions)
index.add(gallery)

for line in sys.stdin:
    limit = json.loads(line)["limit"]
    query = random.random(dimensions, np.float32)
    started = time.perf_counter()
    query /= np.linalg.norm(query)
    assert len(index.search(query[None], limit)[1][0]) == limit
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds}), flush=True)
