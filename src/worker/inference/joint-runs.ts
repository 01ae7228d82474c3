import type { NetworkOutput } from '../../extractors/extractor';

type Run<Card> = (
  card: Card,
  items: Float32Array,
  count: number,
  signal?: AbortSignal | undefined,
) => Promise<NetworkOutput>;

/** Items for a network; a person waits for those that are urgent. */
type Request<Card> = {
  readonly card: Card;
  readonly items: Float32Array;
  readonly count: number;
  readonly signal?: AbortSignal | undefined;
  readonly urgent?: boolean;
};

type Asked<Card> = Request<Card> & {
  readonly resolve: (output: NetworkOutput) => void;
  readonly reject: (reason: unknown) => void;
};

/** Items of several files that wait for the same network go through it together, as far as they fill one batch: short files
 * waste none of it. What is urgent goes first. `queue` runs one task at a time, `largest` tells how many items a batch of a network takes. A file that
 * is cancelled takes nothing from the others. */
export function createJointRuns<Card extends { readonly id: string }>({
  queue,
  largest,
  run,
}: {
  readonly queue: (task: () => Promise<void>) => Promise<void>;
  readonly largest: (card: Card, signal: AbortSignal | undefined) => Promise<number>;
  readonly run: Run<Card>;
}): (request: Request<Card>) => Promise<NetworkOutput> {
  const asked: Asked<Card>[] = [];

  /** What can go with the first that waits, the first included. */
  function takeTogether(first: Asked<Card>, most: number): readonly Asked<Card>[] {
    const together = [first];
    let count = first.count;
    for (const other of [...asked]) {
      const isLike = other.card.id === first.card.id && lengthOf(other) === lengthOf(first);
      if (!isLike || other.signal?.aborted || count + other.count > most) continue;
      asked.splice(asked.indexOf(other), 1);
      together.push(other);
      count += other.count;
    }
    return together;
  }

  async function runNext(): Promise<void> {
    const [first] = asked.splice(
      Math.max(
        0,
        asked.findIndex(({ urgent }) => urgent),
      ),
      1,
    );
    if (!first) return;
    const { card, signal } = first;
    try {
      signal?.throwIfAborted();
      const together = takeTogether(first, await largest(card, signal));
      if (together.length === 1) {
        first.resolve(await run(card, first.items, first.count, signal));
        return;
      }
      await runTogether(card, together);
    } catch (error) {
      first.reject(error);
    }
  }

  async function runTogether(card: Card, together: readonly Asked<Card>[]): Promise<void> {
    const counts = together.map(({ count }) => count);
    const length = lengthOf(together[0] as Asked<Card>);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const items = new Float32Array(total * length);
    let at = 0;
    for (const one of together) {
      items.set(one.items, at * length);
      at += one.count;
    }
    try {
      const outputs = splitOutput(await run(card, items, total), counts);
      together.forEach(({ resolve }, i) => {
        resolve(outputs[i] as NetworkOutput);
      });
    } catch (error) {
      for (const { reject } of together) reject(error);
    }
  }

  return (request) =>
    new Promise((resolve, reject) => {
      asked.push({ ...request, resolve, reject });
      void queue(runNext);
    });
}

function lengthOf({ items, count }: Pick<Asked<unknown>, 'items' | 'count'>): number {
  return items.length / count;
}

function splitOutput({ features, scores }: NetworkOutput, counts: readonly number[]): NetworkOutput[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let at = 0;
  return counts.map((count) => {
    const cut = (rows: Float32Array) => rows.slice((rows.length * at) / total, (rows.length * (at + count)) / total);
    const own = { features: cut(features), scores: scores && { ...scores, probabilities: cut(scores.probabilities) } };
    at += count;
    return own;
  });
}
