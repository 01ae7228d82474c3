import { type Projection, projectionKey } from '../../core/map/projection';
import type { ProjectionEntry } from '../../protocol/map-api';
import type { Database } from '../storage/database';

/** See `MapsApi`. */
export async function keepProjection(database: Database, projection: Projection): Promise<void> {
  const key = projectionKey(projection);
  await database.write(['projections'], (tx) => tx.objectStore('projections').put({ key, projection }), {
    durability: 'relaxed',
  });
}

export async function listProjections(database: Database): Promise<readonly ProjectionEntry[]> {
  const rows = await database.read(['projections'], (tx) => tx.objectStore('projections').getAll());
  return rows
    .map(({ key, projection: { settings, spaces, created, ids } }) => ({
      key,
      settings,
      spaces,
      created,
      videos: ids.length,
    }))
    .sort((a, b) => (a.created < b.created ? 1 : -1));
}

export async function keptProjection(database: Database, key: string): Promise<Projection | undefined> {
  return (await database.read(['projections'], (tx) => tx.objectStore('projections').get(key)))?.projection;
}
