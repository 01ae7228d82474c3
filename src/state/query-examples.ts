import { AppError, type ErrorRecord, fromErrorRecord, toErrorRecord } from '../core/errors';
import type { ExtractApi } from '../protocol/extract-api';
import type { LibraryApi, SpaceSummary } from '../protocol/library-api';
import type { CallOptions, Progress } from '../protocol/progress';
import type { Example } from './query';
import type { QueryFeatures } from './query-features';

/** A file among several that could not be read. */
export type UnreadFile = { readonly name: string; readonly error: ErrorRecord };

type Surroundings = { readonly extract: ExtractApi; readonly library: LibraryApi; readonly features: QueryFeatures };

/** Reads the files among the examples, where the library does not have them. Those that cannot be read are left out, and
 * clips that are there twice count once. Errors: of the first file, where no example is left. */
export async function readExampleFiles(
  { extract, library, features }: Surroundings,
  { examples, spaces }: { readonly examples: readonly Example[]; readonly spaces: readonly SpaceSummary[] },
  { signal, onProgress }: CallOptions,
): Promise<{ readonly examples: readonly Example[]; readonly unread: readonly UnreadFile[] }> {
  const files = examples.filter(({ file }) => file).length;
  if (files === 0) return { examples, unread: [] };
  const unread: UnreadFile[] = [];
  const found = new Map<string, Example>();
  let done = 0;
  for (const example of examples) {
    const { file, key, name } = example;
    let { id } = example;
    if (file) {
      const told = ({ stage, fraction }: Progress) =>
        onProgress?.({ stage: `${stage} ${name}`, fraction: fraction && (done + fraction) / files });
      try {
        id = await extract.identify({ file });
        const [known] = await library.someVideos({ ids: [id] });
        if (known && known.spaces.length > 0) {
          if (!found.has(id)) found.set(id, { ...example, id, file: undefined, group: known.group });
        } else {
          await features.complete({ key, file, read: example.id !== undefined }, spaces, {
            ...(signal && { signal }),
            onProgress: told,
          });
        }
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        unread.push({ name, error: toErrorRecord(error) });
        continue;
      } finally {
        done++;
      }
    }
    signal?.throwIfAborted();
    if (id !== undefined && !found.has(id)) found.set(id, { ...example, id });
  }
  const [failed] = unread;
  if (failed && found.size === 0) throw fromErrorRecord(failed.error);
  return { examples: [...found.values()], unread };
}
