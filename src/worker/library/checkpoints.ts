import { AppError } from '../../core/errors';
import type { ClassifyApi } from '../../protocol/classify-api';
import type { Database } from '../storage/database';

type CheckpointApi = Pick<ClassifyApi, 'keepCheckpoint' | 'checkpointEntry' | 'checkpoint' | 'dropCheckpoint'>;

/** The one training that may be under way, kept so that it outlives its tab. */
export function checkpoints(database: Database): CheckpointApi {
  const part = (name: 'entry' | 'state') =>
    database.read(['checkpoints'], (tx) => tx.objectStore('checkpoints').get(name));
  return {
    async keepCheckpoint({ entry, checkpoint }) {
      await database.write(['checkpoints'], (tx) =>
        Promise.all([
          tx.objectStore('checkpoints').put({ part: 'entry', entry }),
          tx.objectStore('checkpoints').put({ part: 'state', checkpoint }),
        ]),
      );
    },
    async checkpointEntry() {
      const row = await part('entry');
      return row?.part === 'entry' ? row.entry : undefined;
    },
    async checkpoint() {
      const row = await part('state');
      if (row?.part !== 'state') throw new AppError('checkpoint-stale', 'No training was interrupted');
      return row.checkpoint;
    },
    async dropCheckpoint() {
      await database.write(['checkpoints'], (tx) => tx.objectStore('checkpoints').clear());
    },
  };
}
