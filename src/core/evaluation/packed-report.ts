import type { EvaluationReport } from './report';

type Lists = { readonly flat: Float64Array; readonly lengths: Int32Array };
type Curves = NonNullable<EvaluationReport['curves']>;
type Queries = EvaluationReport['queries'];

/** A report whose long lists are typed arrays, for the way between threads: plain lists take a second to copy there. */
export type PackedReport = {
  readonly rest: Omit<EvaluationReport, 'dataSet' | 'curves' | 'queries'>;
  readonly dataSet: Omit<EvaluationReport['dataSet'], 'videos'>;
  readonly videos: {
    readonly id: readonly string[];
    readonly path: readonly string[];
    readonly group: readonly (string | null)[];
    readonly split: readonly ('train' | 'test' | undefined)[];
    readonly labels: Lists;
  };
  readonly curves:
    | (Omit<Curves, 'pooled'> & {
        readonly pooled: Omit<Curves['pooled'], 'pr' | 'roc'>;
        /** Threshold, recall, precision. */
        readonly pr: Lists;
        /** Threshold (NaN for null), false and true positive rate. */
        readonly roc: Lists;
      })
    | null;
  /** Video, gallery, relevant, first rank, then the votes where there are any. */
  readonly queries: Lists;
  readonly values: Lists;
  readonly top: Lists;
  readonly topScores: Lists;
};

export function isPackedReport(value: unknown): value is PackedReport {
  return typeof value === 'object' && value !== null && 'topScores' in value && 'rest' in value;
}

export function isReport(value: unknown): value is EvaluationReport {
  return typeof value === 'object' && value !== null && 'format' in value && value.format === 'reelmatch-evaluation';
}

/** One step a list, so that the caller can rest between. */
export function* packReport(report: EvaluationReport): Generator<undefined, PackedReport> {
  const { dataSet, curves, queries, ...rest } = report;
  const { videos, ...others } = dataSet;
  const { video, gallery, relevant, firstRank, predicted } = queries;
  return {
    rest,
    dataSet: others,
    videos: {
      id: videos.map(({ id }) => id),
      path: videos.map(({ path }) => path),
      group: videos.map(({ group }) => group),
      split: videos.map(({ split }) => split),
      labels: yield* packLists(videos.map(({ labels }) => labels)),
    },
    curves: curves && (yield* packCurves(curves)),
    queries: yield* packLists([video, gallery, relevant, firstRank, ...(predicted ? [predicted] : [])]),
    values: yield* packLists(queries.values),
    top: yield* packLists(queries.top),
    topScores: yield* packLists(queries.topScores),
  };
}

/** The report as it was. One step a list. */
export function* unpackReport(packed: PackedReport): Generator<undefined, EvaluationReport> {
  const { id, path, group, split, labels } = packed.videos;
  const labelLists = yield* unpackLists(labels);
  const videos: EvaluationReport['dataSet']['videos'] = [];
  for (let i = 0; i < id.length; i++) {
    const own = split[i];
    videos.push({
      id: id[i] as string,
      path: path[i] as string,
      labels: labelLists[i] as number[],
      group: group[i] ?? null,
      ...(own && { split: own }),
    });
    yield;
  }
  const [video, gallery, relevant, firstRank, predicted = null] = (yield* unpackLists(packed.queries)) as [
    number[],
    number[],
    number[],
    number[],
    number[]?,
  ];
  const queries: Queries = {
    video,
    gallery,
    relevant,
    firstRank,
    values: yield* unpackLists(packed.values),
    predicted,
    top: yield* unpackLists(packed.top),
    topScores: yield* unpackLists(packed.topScores),
  };
  const curves = packed.curves && (yield* unpackCurves(packed.curves));
  return { ...packed.rest, dataSet: { ...packed.dataSet, videos }, curves, queries };
}

/** What may be handed over with a packed report instead of being copied. */
export function buffersOf({ videos, curves, queries, values, top, topScores }: PackedReport): ArrayBufferLike[] {
  const lists = [videos.labels, queries, values, top, topScores, ...(curves ? [curves.pr, curves.roc] : [])];
  return lists.flatMap(({ flat, lengths }) => [flat.buffer, lengths.buffer]);
}

function* packCurves({ pooled, ...means }: Curves): Generator<undefined, NonNullable<PackedReport['curves']>> {
  const { pr, roc, ...others } = pooled;
  return {
    ...means,
    pooled: others,
    pr: yield* packLists([pr.threshold, pr.recall, pr.precision]),
    roc: yield* packLists([roc.threshold.map((each) => each ?? Number.NaN), roc.fpr, roc.tpr]),
  };
}

function* unpackCurves({
  pooled,
  pr,
  roc,
  ...means
}: NonNullable<PackedReport['curves']>): Generator<undefined, Curves> {
  const [threshold, recall, precision] = (yield* unpackLists(pr)) as [number[], number[], number[]];
  const [limits, fpr, tpr] = (yield* unpackLists(roc)) as [number[], number[], number[]];
  return {
    ...means,
    pooled: {
      ...pooled,
      pr: { threshold, recall, precision },
      roc: { threshold: limits.map((each) => (Number.isNaN(each) ? null : each)), fpr, tpr },
    },
  };
}

function* packLists(lists: readonly (readonly number[])[]): Generator<undefined, Lists> {
  const lengths = Int32Array.from(lists, ({ length }) => length);
  const flat = new Float64Array(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    flat.set(list, at);
    at += list.length;
    yield;
  }
  return { flat, lengths };
}

function* unpackLists({ flat, lengths }: Lists): Generator<undefined, number[][]> {
  const lists: number[][] = [];
  let at = 0;
  for (const length of lengths) {
    lists.push(Array.from(flat.subarray(at, at + length)));
    at += length;
    yield;
  }
  return lists;
}
