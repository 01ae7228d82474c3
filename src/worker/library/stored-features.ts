import type { FeatureMatrix } from '../../core/feature';
import type { Database } from '../storage/database';
import { readFrames, readSomeVectors, readSpaces } from '../storage/features';
import type { Catalogue } from './catalogue';

/** See `LibraryApi.features`. */
export async function storedFeatures(
  database: Database,
  catalogue: Catalogue,
  { id, spaces }: { readonly id: string; readonly spaces: readonly string[] },
): Promise<readonly FeatureMatrix[]> {
  await catalogue.video(id);
  const rows = await readSpaces(database);
  const found: FeatureMatrix[] = [];
  for (const { key, space } of rows.filter((row) => spaces.includes(row.key))) {
    const [[vector], [frames]] = await Promise.all([
      readSomeVectors(database, key, [id]),
      readFrames(database, key, [id]),
    ]);
    if (!vector || !frames || frames.count === 0) continue;
    const { count, dimensions } = frames;
    const times = Float64Array.from(frames.times);
    found.push({
      space,
      sampling: vector.sampling,
      vector: vector.vector,
      frames: frames.frames,
      count,
      dimensions,
      times,
    });
  }
  return found;
}
