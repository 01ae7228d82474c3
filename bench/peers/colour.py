"""Dominant colours by scikit-learn. Each line in is {"pixels": base64 of RGB bytes}; out are seconds and centroids."""

import base64
import json
import sys
import time

import numpy as np
from sklearn.cluster import KMeans

for line in sys.stdin:
    pixels = np.frombuffer(base64.b64decode(json.loads(line)["pixels"]), np.uint8).reshape(-1, 3)
    started = time.perf_counter()
    model = KMeans(n_clusters=10, n_init=1, random_state=0).fit(pixels.astype(np.float32))
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "centroids": model.cluster_centers_.ravel().tolist()}), flush=True)
