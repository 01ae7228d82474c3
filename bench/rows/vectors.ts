import { pythonWith, startPython } from '../peers/python';
import { realFeatures } from '../peers/real-features';
import { median, type Row } from '../row';

const stored = 13_320;
const searched = 106_557;
const limit = 20;
/** Matches asked for in turn. */
const limits = [3, limit, 200] as const;

export const loadRow: Row = {
  name: 'load',
  work: `${stored} vectors of 2048 floats, every tenth deleted since, from IndexedDB into the search index, by packs`,
  peerName: 'the same vectors by getAll of one record each',
  goal: { timesFaster: 4 },
  heavy: true,
  rounds: 5,
  async prepare(browser) {
    await browser.call('fillStore', { videos: stored });
    const videos = await browser.call('deleteSome', { videos: stored });
    return {
      ours: () => browser.call('load', { by: 'packs', videos }),
      peer: () => browser.call('load', { by: 'rows', videos }),
    };
  },
};

export const searchRow: Row = {
  name: 'search',
  work: `one query over ${searched} x 2048 floats, best ${limits.join(', ')} in turn and percentiles, one thread`,
  peerName: 'faiss IndexFlatIP, one thread',
  goal: { atMost: 1.15 },
  heavy: true,
  rounds: 15,
  async prepare(browser) {
    const python = pythonWith('numpy', 'faiss');
    if (!python) return 'no Python with faiss is installed (Debian: python3-faiss)';
    await browser.call('fillIndex', { videos: searched });
    const peer = startPython(python, 'search.py', `${searched}`, '2048');
    const limitOf = (round: number) => limits[round % limits.length] as number;
    const taken = new Map(limits.map((asked): [number, number[]] => [asked, []]));
    return {
      warmUp: async () => {
        await browser.call('search', { limit });
        await peer.ask({ limit });
      },
      ours: async (round) => {
        const seconds = await browser.call('search', { limit: limitOf(round) });
        taken.get(limitOf(round))?.push(seconds);
        return seconds;
      },
      peer: async (round) => (await peer.ask<{ seconds: number }>({ limit: limitOf(round) })).seconds,
      notes: () => [...taken].map(([asked, seconds]) => `best ${asked}: ${(1000 * median(seconds)).toFixed(1)} ms`),
      close: peer.close,
    };
  },
};

export const roundedSearchRow: Row = {
  name: 'search-bytes',
  work: `one query over ${searched} x 2048, best ${limit} and percentiles, one thread: bytes find the candidates, floats score them`,
  peerName: 'the same vectors by floats alone, as in the row search',
  goal: { timesFaster: 2.5 },
  heavy: true,
  rounds: 15,
  async prepare(browser) {
    await browser.call('fillIndex', { videos: searched, besides: 'both' });
    const recall = await browser.call('recall', { limit, queries: 20 });
    const notes = [`recall@${limit} beside floats: ${recall.toFixed(4)} (at least 0.99, or the row fails)`];
    if (recall < 0.99) throw new Error(`recall@${limit} beside floats is ${recall.toFixed(4)}, the goal 0.99`);
    const real = await realFeatures();
    if (typeof real === 'string') notes.push(`recall of real features not measured: ${real}`);
    else {
      await browser.setFiles([real.path]);
      const { rows, both, compact } = await browser.call('recallOf', { file: 0, limit });
      const told = `of ${rows} frames of real clips by ResNet-50: ${both.toFixed(4)}, compactly ${compact.toFixed(4)}`;
      if (Math.min(both, compact) < 0.99) throw new Error(`recall@${limit} ${told}, the goal 0.99`);
      notes.push(`recall@${limit} ${told}`);
    }
    return {
      ours: () => browser.call('search', { limit, by: 'other' }),
      peer: () => browser.call('search', { limit }),
      notes: () => notes,
    };
  },
};

/** By as many threads as the app takes, beside one. */
const byThreads = (name: string, kept: 'floats' | 'both', besides: 'floatsByThreads' | 'bothByThreads'): Row => ({
  name,
  work: `one query over ${searched} x 2048 as in the row ${kept === 'floats' ? 'search' : 'search-bytes'}, by all threads that a search takes`,
  peerName: 'the same vectors by one thread',
  goal: undefined,
  heavy: true,
  rounds: 15,
  async prepare(browser) {
    await browser.call('fillIndex', { videos: searched, kept, besides });
    return {
      ours: () => browser.call('search', { limit, by: 'other' }),
      peer: () => browser.call('search', { limit }),
    };
  },
});

export const threadRows: readonly Row[] = [
  byThreads('search-threads', 'floats', 'floatsByThreads'),
  byThreads('search-bytes-threads', 'both', 'bothByThreads'),
];

const library = 100_000;

export const rankingRow: Row = {
  name: 'ranking',
  work: `one query over ${library} x 2048 floats by the improved ranking: standardised, best 200 re-ranked; a video is added before each`,
  peerName: 'the same vectors by plain cosine',
  goal: { atMost: 3 },
  heavy: true,
  rounds: 7,
  async prepare(browser) {
    await browser.call('fillIndex', { videos: library, improved: true });
    let first = Number.NaN;
    return {
      warmUp: async () => {
        first = await browser.call('searchImproved', { limit, grown: false });
        await browser.call('search', { limit });
      },
      ours: () => browser.call('searchImproved', { limit, grown: true }),
      peer: () => browser.call('search', { limit }),
      notes: () => [`the first query, which takes the library's mean and spread: ${first.toFixed(2)} s`],
    };
  },
};
