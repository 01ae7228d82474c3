import { applyHead } from '../../core/classify/apply-head';
import type { TrainedHead } from '../../core/classify/head';
import { AppError } from '../../core/errors';
import type { ProjectApi } from '../../protocol/map-api';
import type { TrainApi } from '../../protocol/train-api';
import { type FeatureSet, readFeatureFiles } from '../feature-files/read-feature-files';
import { openScratchFile } from '../feature-files/scratch-file';
import { predict } from './scores';
import { examplesOf, trainHead } from './train-head';

/** Features in memory, of vectors and of moments each; what is more lies in a file. */
const inMemory = 384 * 1024 ** 2;

/** Trains one head at a time. Files that were read last stay read. */
export function createTraining(): Omit<TrainApi, keyof ProjectApi> {
  let held: TrainedHead | undefined;
  let last: { readonly files: readonly File[]; readonly set: FeatureSet } | undefined;

  const read: (...args: Parameters<TrainApi['readFeatureFiles']>) => Promise<FeatureSet> = async (
    { files },
    options = {},
  ) => {
    if (last && isSame(last.files, files)) return last.set;
    last?.set.close();
    last = undefined;
    const set = await readFeatureFiles(files, { openScratch: openScratchFile, inMemory }, options);
    last = { files, set };
    return set;
  };

  return {
    readFeatureFiles: async (args, options) => (await read(args, options)).summary,
    async train({ examples, settings, checkpoint }, onEpochs, onCheckpoint, options = {}) {
      const set = examples.from === 'files' ? await read(examples, options) : undefined;
      return trainHead({ settings, checkpoint }, examplesOf(examples, set), { onEpochs, onCheckpoint, options });
    },
    async hold({ head }) {
      held = head;
    },
    async ask({ vector }) {
      if (!held) throw new AppError('head-missing', 'No head is at hand');
      return applyHead(held, vector);
    },
    predict,
  };
}

function isSame(a: readonly File[], b: readonly File[]): boolean {
  const key = ({ name, size, lastModified }: File) => `${name}\n${size}\n${lastModified}`;
  return a.map(key).join('\n') === b.map(key).join('\n');
}
