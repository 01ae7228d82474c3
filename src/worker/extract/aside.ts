import type { ExtractorOptions } from '../../core/feature';
import type { ClipBatch, FrameBatch } from '../../core/media';
import type { Described, ExtractionContext, ExtractorCard } from '../../extractors/extractor';
import { type Connection, connect } from '../../protocol/comlink';

/** What a thread of this kind does: runs an extractor that has no network. */
export type DescribeApi = {
  describe(args: {
    readonly extractor: string;
    readonly batch: FrameBatch | ClipBatch;
    readonly options: ExtractorOptions;
  }): Promise<Float32Array | Described>;
};

/** No more than files are under way. */
const threads = Math.min(3, globalThis.navigator?.hardwareConcurrency ?? 1);

type Thread = { readonly connection: Connection<DescribeApi>; readonly busy: { count: number } };
let pool: readonly Thread[] = [];

type OfPictures<Batch> = {
  extract(batch: Batch, context: ExtractionContext): Promise<Float32Array | Described>;
};

/** An extractor of pictures without a network, run in threads of its own: in this one it would hold up the decoders and
 * the networks. Where there is no second core, or a thread ends, it runs here. */
export async function loadAside<Batch extends FrameBatch | ClipBatch>(
  card: Pick<ExtractorCard, 'id'>,
  load: () => Promise<OfPictures<Batch>>,
): Promise<OfPictures<Batch>> {
  const here = await load();
  if (threads < 2) return here;
  return {
    async extract(batch, context) {
      const thread = leastBusy();
      thread.busy.count++;
      const { api, ended } = thread.connection;
      try {
        return await api.describe({ extractor: card.id, batch, options: context.options ?? {} });
      } catch (error) {
        if ((await Promise.race([ended, undefined])) !== error) throw error;
        pool = pool.filter((other) => other !== thread);
        return here.extract(batch, context);
      } finally {
        thread.busy.count--;
      }
    },
  };
}

function leastBusy(): Thread {
  const idle = pool.find(({ busy }) => busy.count === 0);
  if (idle) return idle;
  if (pool.length < threads) {
    const worker = new Worker(new URL('./describe.worker.ts', import.meta.url), { type: 'module', name: 'describe' });
    const thread = { connection: connect<DescribeApi>(worker), busy: { count: 0 } };
    pool = [...pool, thread];
    return thread;
  }
  return pool.reduce((least, other) => (other.busy.count < least.busy.count ? other : least));
}
