"""Goes on with FAISS where one browser ends: builds an exact index of an exported .npz and asks it.

    python3 scripts/search_faiss.py features.npz "folder/clip.avi" 20

Prints one line a match: cosine similarity, a tab, path. Needs numpy and faiss (Debian: python3-faiss). For millions of
videos write another description in place of "Flat", for example "IVF4096,SQ8", and train it on the vectors.
"""

import sys

import faiss
import numpy as np

path, query, limit = sys.argv[1], sys.argv[2], int(sys.argv[3])
export = np.load(path)
paths = export["video_paths"].tolist()
vectors = np.ascontiguousarray(export["features"], np.float32)
faiss.normalize_L2(vectors)
index = faiss.index_factory(vectors.shape[1], "Flat", faiss.METRIC_INNER_PRODUCT)
index.add(vectors)
row = paths.index(query)
scores, rows = index.search(vectors[row : row + 1], limit + 1)
matches = [(score, match) for score, match in zip(scores[0], rows[0]) if match not in (row, -1)]
for score, match in matches[:limit]:
    print(f"{score:.6f}\t{paths[match]}")
