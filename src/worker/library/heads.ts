import type { ClassifyReport } from '../../core/classify/classify-report';
import type { TrainedHead } from '../../core/classify/head';
import { keptMoments } from '../../core/classify/rows';
import { AppError } from '../../core/errors';
import type { QuantisedFrames } from '../../core/similarity/quantise';
import type {
  ClassifyApi,
  HeadEntry,
  HeadFormat,
  KeptHead,
  VideoMoments,
  VideoVectors,
} from '../../protocol/classify-api';
import type { Database } from '../storage/database';
import type { Catalogue } from './catalogue';
import { type HeadContent, invalidHead, readHead, textsOf } from './head-file';
import { headToNpz, openHeadNpz } from './head-npz';
import { headToOnnx, openHeadOnnx } from './head-onnx';

/** See `ClassifyApi.vectors`. Where frames lie end to end, vectors are brought to the length that most have. */
export async function vectorsOf(
  catalogue: Catalogue,
  { space, ids }: { readonly space: string; readonly ids: readonly string[] },
): Promise<VideoVectors> {
  const index = await catalogue.index(space);
  const { dimensions } = index;
  const found = ids.flatMap((id) => {
    const vector = index.get(id);
    const fitted = vector && index.resample(vector, dimensions);
    return fitted ? [{ id, fitted }] : [];
  });
  const matrix = new Float32Array(found.length * dimensions);
  found.forEach(({ fitted }, row) => {
    matrix.set(fitted, row * dimensions);
  });
  return { ids: found.map(({ id }) => id), matrix, dimensions };
}

/** Videos whose moments are read at a time. */
const portion = 64;

/** See `ClassifyApi.moments`. Of videos whose moments are of another width than most, none. */
export async function momentsOf(
  database: Database,
  { space, ids, most }: Parameters<ClassifyApi['moments']>[0],
): Promise<VideoMoments> {
  const found: { readonly id: string; readonly row: QuantisedFrames }[] = [];
  for (let from = 0; from < ids.length; from += portion) {
    const some = ids.slice(from, from + portion);
    const rows = await database.read(['frames'], (tx) =>
      Promise.all(some.map((id) => tx.objectStore('frames').get([space, id]))),
    );
    rows.forEach((row, i) => {
      if (row && row.count > 0) found.push({ id: some[i] as string, row: thinned(row, most) });
    });
  }
  const width = found[0]?.row.dimensions ?? 0;
  const fitting = found.filter(({ row }) => row.dimensions === width);
  const moments = fitting.reduce((longest, { row }) => Math.max(longest, row.count), 0);
  const blocks = Math.ceil(width / 64);
  const values = new Int8Array(fitting.length * moments * width);
  const scales = new Float32Array(fitting.length * moments * blocks);
  fitting.forEach(({ row }, i) => {
    values.set(row.values, i * moments * width);
    scales.set(row.scales, i * moments * blocks);
  });
  const counts = Int32Array.from(fitting, ({ row }) => row.count);
  return { ids: fitting.map(({ id }) => id), values, scales, counts, moments, width };
}

function thinned(row: QuantisedFrames, most: number): QuantisedFrames {
  const kept = keptMoments(row.count, most);
  if (kept.length === row.count) return row;
  const blocks = Math.ceil(row.dimensions / 64);
  const pick = <Values extends Int8Array | Float32Array>(from: Values, out: Values, width: number): Values => {
    kept.forEach((moment, i) => {
      out.set(from.subarray(moment * width, (moment + 1) * width), i * width);
    });
    return out;
  };
  return {
    values: pick(row.values, new Int8Array(kept.length * row.dimensions), row.dimensions),
    scales: pick(row.scales, new Float32Array(kept.length * blocks), blocks),
    count: kept.length,
    dimensions: row.dimensions,
  };
}

export async function listHeads(database: Database): Promise<readonly HeadEntry[]> {
  const rows = await database.read(['heads'], (tx) => tx.objectStore('heads').getAll());
  return rows.map(({ entry }) => entry).sort((a, b) => (a.created < b.created ? 1 : -1));
}

export async function keepHead(
  database: Database,
  { name, space, head, report }: Parameters<ClassifyApi['keepHead']>[0],
): Promise<HeadEntry> {
  const measured = (metric: string) => report.summary.find((row) => row.metric === metric)?.value ?? 0;
  const { settings, examples, counts } = report;
  const trained = {
    settings,
    ...(examples && { examples }),
    test: counts.test,
    accuracy: measured('accuracy'),
    map: measured('map-macro'),
  };
  return store(database, { ...newEntry({ name, space, head }), trained }, head, report);
}

export async function keptHead(database: Database, id: string): Promise<KeptHead> {
  const [row, weights] = await database.read(['heads', 'headWeights'], (tx) =>
    Promise.all([tx.objectStore('heads').get(id), tx.objectStore('headWeights').get(id)]),
  );
  if (!row || !weights) throw new AppError('head-missing', `No trained head ${id}`);
  return { entry: row.entry, head: weights.head };
}

export async function headReport(database: Database, id: string): Promise<ClassifyReport | undefined> {
  const row = await database.read(['heads'], (tx) => tx.objectStore('heads').get(id));
  if (!row) throw new AppError('head-missing', `No trained head ${id}`);
  return row.report;
}

export async function removeHead(database: Database, id: string): Promise<void> {
  await database.write(['heads', 'headWeights'], (tx) =>
    Promise.all([tx.objectStore('heads').delete(id), tx.objectStore('headWeights').delete(id)]),
  );
}

export async function exportHead(database: Database, id: string, format: HeadFormat): Promise<Blob> {
  const { entry, head } = await keptHead(database, id);
  const texts = textsOf({ name: entry.name, space: entry.space, head }, entry.trained?.settings);
  if (format === 'npz') return headToNpz(head, texts);
  return new Blob([headToOnnx(head, texts)], { type: 'application/octet-stream' });
}

/** A file this large is no head. */
const largestFile = 1024 ** 3;

export async function importHead(database: Database, file: File): Promise<HeadEntry> {
  if (file.size > largestFile) throw invalidHead('it is larger than 1 GB');
  const content = await parseHeadFile(file);
  return store(database, newEntry(content), content.head);
}

/** Tells the two formats apart by their first bytes. Errors: `head-invalid`. */
export async function parseHeadFile(file: Blob): Promise<HeadContent> {
  const start = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const zipped = start[0] === 0x50 && start[1] === 0x4b;
  const { texts, array } = zipped
    ? await openHeadNpz(file, ['format', 'name', 'labels', 'space', 'head'])
    : openHeadOnnx(new Uint8Array(await file.arrayBuffer()));
  return readHead((name) => texts.get(name), array);
}

const newEntry = ({ name, space, head }: Omit<HeadContent, 'head'> & { readonly head: TrainedHead }): HeadEntry => ({
  id: crypto.randomUUID(),
  name,
  created: new Date().toISOString(),
  space,
  classes: head.classes.length,
  kind: head.model.name === 'frame-network' ? head.model.reading.kind : head.model.name,
});

async function store(
  database: Database,
  entry: HeadEntry,
  head: TrainedHead,
  report?: ClassifyReport,
): Promise<HeadEntry> {
  const row = { id: entry.id, entry, ...(report && { report }) };
  await database.write(['heads', 'headWeights'], (tx) =>
    Promise.all([tx.objectStore('heads').put(row), tx.objectStore('headWeights').put({ id: entry.id, head })]),
  );
  return entry;
}
