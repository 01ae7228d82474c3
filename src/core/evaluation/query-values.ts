import { classesOf, type EvaluationSet } from './evaluation-set';
import type { QueryValues } from './resampling';

/** Values of queries, one array a metric, with what the averages and draws of a set need to know of each query's video. */
export function queryValues(set: EvaluationSet, videos: Int32Array, values: readonly Float64Array[]): QueryValues {
  const classes: number[] = [];
  const classStarts = new Int32Array(videos.length + 1);
  videos.forEach((video, i) => {
    classes.push(...classesOf(set, video));
    classStarts[i + 1] = classes.length;
  });
  return {
    values,
    clusters: videos.map((video) => set.groups[video] as number),
    classes: Int32Array.from(classes),
    classStarts,
    classCount: set.classes.length,
  };
}
