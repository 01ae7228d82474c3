import { AppError } from '../../core/errors';
import { summarise } from '../../core/shots/shot';
import { similarity } from '../../core/similarity/similarity';
import type { FoundShots } from '../../protocol/extract-api';
import type { CallOptions } from '../../protocol/progress';
import type { ShotMatch, ShotsApi } from '../../protocol/shots-api';
import type { Database } from '../storage/database';
import type { Catalogue } from './catalogue';
import { inSlices, slices } from './slices';

export async function putShots(database: Database, { id, found }: Parameters<ShotsApi['putShots']>[0]): Promise<void> {
  const images = await Promise.all(
    found.pictures.images.map(async (image) => ({
      bytes: new Uint8Array(await image.arrayBuffer()),
      type: image.type,
    })),
  );
  await database.write(['videos', 'shots'], async (tx) => {
    if (!(await tx.objectStore('videos').getKey(id))) throw new AppError('video-missing', `No video ${id}`);
    await tx.objectStore('shots').put({ ...found, video: id, pictures: { ...found.pictures, images } });
  });
}

export async function storedShots(database: Database, id: string): Promise<FoundShots | undefined> {
  const row = await database.read(['shots'], (tx) => tx.objectStore('shots').get(id));
  if (!row) return undefined;
  const images = row.pictures.images.map(({ bytes, type }) => new Blob([bytes], { type }));
  return { ...row, pictures: { ...row.pictures, images } };
}

export async function videosWithShots(database: Database, space: string): Promise<readonly string[]> {
  const keys = await database.read(['shots'], (tx) => tx.objectStore('shots').index('space').getAllKeys(space));
  return keys;
}

/** Shots are few beside frames: each is compared. */
export async function rankShots(
  database: Database,
  catalogue: Catalogue,
  { id, shot, limit }: Parameters<ShotsApi['rankShots']>[0],
): Promise<readonly ShotMatch[]> {
  const asked = await database.read(['shots'], (tx) => tx.objectStore('shots').get(id));
  if (!asked?.shots[shot]) throw new AppError('features-missing', `Shot ${shot} of ${id} is not known`);
  const dimensions = asked.vectors.length / asked.shots.length;
  const vector = asked.vectors.subarray(shot * dimensions, (shot + 1) * dimensions);
  const present = new Set((await catalogue.videos()).map((video) => video.id));
  const rows = await database.read(['shots'], (tx) => tx.objectStore('shots').index('space').getAll(asked.space));
  const matches = rows.flatMap(({ video, shots, vectors }): ShotMatch[] =>
    present.has(video)
      ? shots.flatMap((part, place) =>
          video === id && place === shot
            ? []
            : [
                {
                  video,
                  shot: place,
                  part,
                  similarity: similarity(
                    asked.metric,
                    vector,
                    vectors.subarray(place * dimensions, (place + 1) * dimensions),
                  ),
                },
              ],
        )
      : [],
  );
  return matches.sort((a, b) => b.similarity - a.similarity).slice(0, limit);
}

export async function summariseShots(
  database: Database,
  { id, most }: Parameters<ShotsApi['summariseShots']>[0],
  options: CallOptions = {},
): Promise<readonly number[]> {
  const found = await database.read(['shots'], (tx) => tx.objectStore('shots').get(id));
  if (!found) throw new AppError('features-missing', `The shots of ${id} are not known`);
  const steps = summarise(found.shots, found.vectors, found.metric, most);
  return inSlices(steps, slices(options), 'Summing up', (share) => share);
}
