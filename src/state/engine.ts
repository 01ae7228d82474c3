import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Connection, connect } from '../protocol/comlink';
import type { ExtractApi } from '../protocol/extract-api';
import type { LibraryApi } from '../protocol/library-api';
import type { CallOptions } from '../protocol/progress';
import type { TrainApi } from '../protocol/train-api';
import { observeRequests, onNotices, type RequestCount } from '../protocol/worker-notices';
import { workerStopped } from './worker-stops';

/** Everything that runs off the main thread, as stores see it. A worker that ended is started again by the next call;
 * the calls it left unanswered reject with `worker-stopped`. A call whose signal is aborted rejects at once, and the
 * worker is ended where its thread does not answer within a second; the error of the others says so. */
export type Engine = {
  readonly extract: ExtractApi;
  readonly library: LibraryApi;
  readonly train: TrainApi;
  /** Requests beyond the origin of the page and of every worker it ever had. */
  readonly requests: StoreApi<RequestCount>;
};

/** How the app starts its workers. */
export type WorkerSpawners = Readonly<Record<'extract' | 'library' | 'train', () => Worker>>;

const answerWithin = 900;

export function createEngine(spawn: WorkerSpawners): Engine {
  const counts = new Map<object, RequestCount>();
  const requests = createStore<RequestCount>(() => ({ total: 0, models: 0 }));
  const report = (source: object) => (count: RequestCount) => {
    counts.set(source, count);
    const sums = [...counts.values()];
    requests.setState({
      total: sums.reduce((sum, { total }) => sum + total, 0),
      models: sums.reduce((sum, { models }) => sum + models, 0),
    });
  };
  observeRequests(report(requests));

  let backend: Parameters<ExtractApi['setBackend']>[0] | undefined;
  const extract = revivable<ExtractApi>(spawn.extract, report, (api) => {
    if (backend) api.setBackend(backend).catch(() => undefined);
  });
  const listeners = new Set<Parameters<LibraryApi['subscribe']>[0]>();
  let memory: Parameters<LibraryApi['setMemory']>[0] | undefined;
  const library = revivable<LibraryApi>(spawn.library, report, (api) => {
    if (memory) api.setMemory(memory).catch(() => undefined);
    for (const listener of listeners) api.subscribe(listener).catch(() => undefined);
  });

  return {
    requests,
    train: revivable<TrainApi>(spawn.train, report, () => undefined),
    extract: overriding(extract, {
      setBackend: (args) => {
        backend = args;
        return extract.setBackend(args);
      },
    }),
    library: overriding(library, {
      setMemory: (args) => {
        memory = args;
        return library.setMemory(args);
      },
      subscribe: async (listener) => {
        await library.subscribe(listener);
        listeners.add(listener);
      },
    }),
  };
}

function overriding<Api extends object>(api: Api, methods: Partial<Api>): Api {
  return new Proxy(api, { get: (target, name) => Reflect.get(name in methods ? methods : target, name) });
}

/** An API whose worker is started by the first call, and again by the first call after its end. */
function revivable<Api extends object>(
  spawn: () => Worker,
  report: (worker: object) => (count: RequestCount) => void,
  onOpen: (api: Api) => void,
): Api {
  type Live = Connection<Api> & ReturnType<typeof onNotices> & { endedBy: 'page' | 'itself' };
  let live: Live | undefined;

  const open = (): Live => {
    const worker = spawn();
    const connection = connect<Api>(worker);
    const notices = onNotices(worker, { onRequests: report(worker), onGone: connection.terminate });
    const opened: Live = { ...connection, ...notices, endedBy: 'itself' };
    void connection.ended.then(() => {
      if (live === opened) live = undefined;
    });
    onOpen(connection.api);
    return opened;
  };

  const call = async (name: string, args: readonly unknown[]): Promise<unknown> => {
    live ??= open();
    const current = live;
    try {
      return await (current.api as Record<string, (...args: readonly unknown[]) => Promise<unknown>>)[name]?.(...args);
    } catch (error) {
      if (args.some((arg) => (arg as CallOptions | undefined)?.signal?.aborted)) {
        void current.answers(answerWithin).then((answered) => {
          if (answered) return;
          current.endedBy = 'page';
          current.terminate();
        });
        throw error;
      }
      const end = await Promise.race([current.ended, undefined]);
      if (end === error) throw workerStopped(current.endedBy, error);
      throw error;
    }
  };

  return new Proxy({} as Api, {
    get: (_, name) =>
      typeof name === 'string' && name !== 'then' ? (...args: unknown[]) => call(name, args) : undefined,
  });
}
