import { AppError } from '../../core/errors';
import { mapSpaceKey } from '../../core/map/projection';
import type { Database } from '../storage/database';
import type { SpaceRow, VectorRow } from '../storage/schema';
import type { Catalogue } from './catalogue';
import { keptProjection } from './projections';

/** Stores a map's places as vectors of a space of their own, in place of those of an earlier one, and gives its key; see
 * `MapsApi.describeByMap`. */
export async function describeByMap(database: Database, catalogue: Catalogue, projectionKey: string): Promise<string> {
  const projection = await keptProjection(database, projectionKey);
  if (!projection) throw new AppError('features-missing', 'This map is no longer kept', { space: projectionKey });
  const { ids, coordinates, settings, spaces, created } = projection;
  const key = mapSpaceKey(projectionKey);
  const records = await catalogue.rows();
  const present = ids.flatMap((id, row) => (records.has(id) ? [{ id, row }] : []));
  const known = await database.read(['spaces'], (tx) =>
    Promise.all(spaces.map((space) => tx.objectStore('spaces').get(space))),
  );
  const from = known.map((space) => space?.space.extractor ?? 'unknown').join(' + ');
  const sampling = known[0]?.sampling;
  if (!sampling) throw new AppError('features-missing', 'What this map was drawn from is gone', { space: key });
  const space: SpaceRow = {
    key,
    space: {
      extractor: settings.method,
      version: 1,
      modelHash: null,
      preprocessing: `${from}; seed ${settings.seed}; ${created}`,
    },
    sampling,
    dimensions: 2,
    frameDimensions: 2,
    imported: true,
  };
  const rows = present.map(
    ({ id, row }): VectorRow => ({
      space: key,
      video: id,
      vector: coordinates.slice(2 * row, 2 * row + 2),
      frames: 0,
      sampling,
    }),
  );
  await replaceDescriptor(database, catalogue, key, rows, space);
  return key;
}

/** Takes the places of a map from its videos again; the map stays. Nothing where they are no descriptor. */
export const forgetMapDescriptor = (database: Database, catalogue: Catalogue, projectionKey: string): Promise<void> =>
  replaceDescriptor(database, catalogue, mapSpaceKey(projectionKey), [], undefined);

async function replaceDescriptor(
  database: Database,
  catalogue: Catalogue,
  key: string,
  rows: readonly VectorRow[],
  space: SpaceRow | undefined,
): Promise<void> {
  await database.write(['videos', 'vectors', 'unpacked', 'packs', 'spaces'], async (tx) => {
    const own = IDBKeyRange.bound([key], [key, []]);
    const videos = tx.objectStore('videos');
    await Promise.all((['vectors', 'unpacked'] as const).map((name) => tx.objectStore(name).delete(own)));
    for (const pack of await tx.objectStore('packs').index('space').getAllKeys(key)) {
      await tx.objectStore('packs').delete(pack);
    }
    await (space ? tx.objectStore('spaces').put(space) : tx.objectStore('spaces').delete(key));
    const described = new Set(rows.map(({ video }) => video));
    for (const record of await videos.getAll()) {
      const has = record.spaces.includes(key);
      if (has === described.has(record.id)) continue;
      await videos.put({
        ...record,
        spaces: has ? record.spaces.filter((other) => other !== key) : [...record.spaces, key],
      });
    }
    for (const row of rows) {
      await tx.objectStore('vectors').put(row);
      await tx.objectStore('unpacked').put({ space: key, video: row.video });
    }
  });
  catalogue.reset();
}
