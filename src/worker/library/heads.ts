import { AppError } from '../../core/errors';
import type { ClassifyApi, HeadEntry, KeptHead, VideoVectors } from '../../protocol/classify-api';
import type { Database } from '../storage/database';
import type { Catalogue } from './catalogue';

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

export async function listHeads(database: Database): Promise<readonly HeadEntry[]> {
  const rows = await database.read(['heads'], (tx) => tx.objectStore('heads').getAll());
  return rows.map(({ entry }) => entry).sort((a, b) => (a.created < b.created ? 1 : -1));
}

export async function keepHead(
  database: Database,
  { name, space, head, report }: Parameters<ClassifyApi['keepHead']>[0],
): Promise<HeadEntry> {
  const measured = (metric: string) => report.summary.find((row) => row.metric === metric)?.value ?? 0;
  const entry: HeadEntry = {
    id: crypto.randomUUID(),
    name,
    created: new Date().toISOString(),
    space,
    settings: report.settings,
    classes: report.classes.length,
    test: report.counts.test,
    accuracy: measured('accuracy'),
    map: measured('map-macro'),
  };
  const row = { id: entry.id, entry, report };
  await database.write(['heads', 'headWeights'], (tx) =>
    Promise.all([tx.objectStore('heads').put(row), tx.objectStore('headWeights').put({ id: entry.id, head })]),
  );
  return entry;
}

export async function keptHead(database: Database, id: string): Promise<KeptHead> {
  const [row, weights] = await database.read(['heads', 'headWeights'], (tx) =>
    Promise.all([tx.objectStore('heads').get(id), tx.objectStore('headWeights').get(id)]),
  );
  if (!row || !weights) throw new AppError('head-missing', `No trained head ${id}`);
  return { entry: row.entry, report: row.report, head: weights.head };
}

export async function headReport(database: Database, id: string): Promise<KeptHead['report']> {
  const row = await database.read(['heads'], (tx) => tx.objectStore('heads').get(id));
  if (!row) throw new AppError('head-missing', `No trained head ${id}`);
  return row.report;
}

export async function removeHead(database: Database, id: string): Promise<void> {
  await database.write(['heads', 'headWeights'], (tx) =>
    Promise.all([tx.objectStore('heads').delete(id), tx.objectStore('headWeights').delete(id)]),
  );
}
