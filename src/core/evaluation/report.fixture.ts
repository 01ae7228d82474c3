import { seededRandom } from '../random';
import { defaultSettings, evaluateRanking } from './evaluate';
import { evaluationSet } from './evaluation-set';
import type { EvaluationReport } from './report';
import { vectorScores } from './score-block';

/** 40 random vectors of two classes that `signal` sets apart, in groups of four. */
export function sampleReport(signal: number, name = 'Clips & 100 % of_them'): EvaluationReport {
  const random = seededRandom(5);
  const videos = Array.from({ length: 40 }, (_, i) => ({
    id: `${i}`,
    path: `clip ${String(i).padStart(2, '0')}`,
    labels: [i % 2 ? '=cmd|A' : '__proto__'],
    group: `${i >> 2}`,
  }));
  const set = evaluationSet(videos);
  const vectors = Float32Array.from(
    set.videos.flatMap((_, i) => Array.from({ length: 8 }, (__, d) => random() + (d === i % 2 ? signal : 0))),
  );
  const descriptor = {
    extractor: 'colour',
    version: 1,
    modelHash: null,
    preprocessing: '',
    sampling: '8 uniform frames',
    weight: 1,
  };
  const steps = evaluateRanking({
    set,
    protocol: { name: 'group-excluded' },
    scorer: { name: 'ranked', metric: 'cosine', stages: [] },
    settings: { ...defaultSettings, ks: [1, 5], replicates: 50 },
    head: { name, created: '2026-01-01T00:00:00Z', dataSetHash: 'h', descriptors: [descriptor], withoutVectors: 0 },
    scores: vectorScores(vectors, 8, 'cosine'),
  });
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
