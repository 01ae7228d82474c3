import type { Progress } from '../protocol/progress';

/** What became of one piece of work; `again`: it is to be tried a second time, with nothing beside it. */
export type Outcome = 'fine' | 'failed' | 'again';

/** Rejects only where nothing can go on. `alone`: the second try. */
export type Task = (
  id: string,
  options: {
    readonly signal: AbortSignal;
    readonly alone: boolean;
    readonly onProgress: (progress: Progress) => void;
  },
) => Promise<Outcome>;

/** Works off a queue, at most `atOnce` pieces at a time, begun in its order and finished in any. `onDone` takes a piece out
 * of the queue, to which others may be added meanwhile; `onFirst` tells of the piece under way that was begun first.
 * `ready` is awaited before pieces are begun. Rejects as the first task that does; the others are cancelled then. */
export async function workOff(
  queue: ReadonlySet<string>,
  {
    signal: outer,
    ready,
    atOnce,
    task,
    onFirst,
    onDone,
  }: {
    readonly signal: AbortSignal;
    readonly ready: (signal: AbortSignal) => Promise<void>;
    readonly atOnce: number;
    readonly task: Task;
    readonly onFirst: (id: string, progress: Progress) => void;
    readonly onDone: (id: string, outcome: Exclude<Outcome, 'again'>) => void;
  },
): Promise<void> {
  const control = new AbortController();
  const { signal } = control;
  const cancel = () => control.abort();
  outer.addEventListener('abort', cancel);
  const underWay = new Map<string, { progress: Progress; done: Promise<void> }>();
  const again = new Set<string>();

  const showFirst = () => {
    const [first] = underWay;
    if (first && !signal.aborted) onFirst(first[0], first[1].progress);
  };
  const begin = (id: string, alone: boolean) => {
    const entry = { progress: { stage: 'Reading', fraction: undefined } as Progress, done: Promise.resolve() };
    const onProgress = (progress: Progress) => {
      entry.progress = progress;
      showFirst();
    };
    underWay.set(id, entry);
    entry.done = task(id, { signal, alone, onProgress }).then((outcome) => {
      underWay.delete(id);
      again.delete(id);
      if (outcome === 'again') again.add(id);
      else onDone(id, outcome);
      showFirst();
    });
    showFirst();
  };

  try {
    for (;;) {
      outer.throwIfAborted();
      await ready(signal);
      const [suspect] = again;
      if (suspect !== undefined) {
        if (underWay.size === 0) begin(suspect, true);
      } else {
        for (const id of queue) {
          if (underWay.size >= atOnce) break;
          if (!underWay.has(id)) begin(id, false);
        }
      }
      if (underWay.size === 0) return;
      await Promise.race([...underWay.values()].map(({ done }) => done));
    }
  } finally {
    outer.removeEventListener('abort', cancel);
    cancel();
    await Promise.allSettled([...underWay.values()].map(({ done }) => done));
  }
}
