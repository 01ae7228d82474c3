import { describe, expect, it } from 'vitest';
import { AppError } from '../core/errors';
import { type FeatureMatrix, type Space, spaceKey } from '../core/feature';
import type { MediaProbe } from '../core/media';
import type { Match } from '../core/ranking/match';
import type { VideoRecord } from '../core/video';
import type { DescribedText, ExtractApi, Extraction } from '../protocol/extract-api';
import type { LibraryApi, RankArgs, SpaceSummary, WordsArgs } from '../protocol/library-api';
import type { CallOptions } from '../protocol/progress';
import { createRankingPreferencesStore } from './ranking-preferences';
import { createSearchStore } from './search-store';

const sampling = { instants: { mode: 'uniform', frames: 8 }, width: 224, height: 224, fit: 'squeeze' } as const;
const spaceOf = (extractor: string, modelHash: string | null): Space => ({
  extractor,
  version: 1,
  modelHash,
  preprocessing: 'squeeze',
});
const summaryOf = (space: Space, videos = 3): SpaceSummary => ({
  key: spaceKey(space),
  space,
  videos,
  sampling,
  dimensions: 2,
  imported: false,
});
const colour = summaryOf(spaceOf('colour', null));
const resnet = summaryOf(spaceOf('resnet50', 'aa'));

const matrixIn = (space: Space): FeatureMatrix => ({
  space,
  sampling,
  vector: Float32Array.of(1, 0),
  frames: Float32Array.of(1, 0),
  count: 1,
  dimensions: 2,
  times: Float64Array.of(0.5),
});
const probe: MediaProbe = {
  container: 'avi',
  duration: 2,
  video: undefined,
  audio: undefined,
  decoder: 'ffmpeg',
  playable: false,
};
const matchOf = (id: string): Match => ({ id, rank: 1, similarity: 0.5, percentile: 50, parts: [], moment: undefined });

/** A library and an extractor whose answers a test decides, and which tell what they were asked. */
function stage({ videos = [], spaces = [colour, resnet] }: { videos?: VideoRecord[]; spaces?: SpaceSummary[] } = {}) {
  const asked: { prepared: string[][]; extractions: string[][]; ranks: RankArgs[]; words: WordsArgs[] } = {
    prepared: [],
    extractions: [],
    ranks: [],
    words: [],
  };
  const answers = {
    files: new Map<string, File>(),
    stored: [] as readonly FeatureMatrix[],
    spaces,
    rank: async (args: RankArgs, _options: CallOptions): Promise<readonly Match[]> => [
      matchOf(args.spaces[0]?.key ?? ''),
    ],
    describe: async (): Promise<DescribedText> => ({ vector: Float32Array.of(1, 0), neutral: [], scale: 100 }),
    extract: async (requests: readonly { extractor: string }[]): Promise<Partial<Extraction>> => ({
      probe,
      features: requests.map(({ extractor }) => matrixIn(extractor === 'colour' ? colour.space : resnet.space)),
      failures: [],
    }),
  };
  const extract = {
    describeText: () => answers.describe(),
    identify: async ({ file }: { file: File }) => `id of ${file.name}`,
    extract: ({ requests }: { requests: readonly { extractor: string }[] }, options?: { signal?: AbortSignal }) => {
      asked.extractions.push(requests.map(({ extractor }) => extractor));
      return new Promise((resolve, reject) => {
        options?.signal?.addEventListener('abort', () => reject(new DOMException('cancelled', 'AbortError')));
        answers.extract(requests).then(resolve, reject);
      });
    },
  } as unknown as ExtractApi;
  const library = {
    someVideos: async ({ ids }: { ids: readonly string[] }) => videos.filter(({ id }) => ids.includes(id)),
    thumbnails: async () => undefined,
    prepare: async (args: Pick<RankArgs, 'spaces' | 'ranking'>) => {
      asked.prepared.push(args.spaces.map(({ key }) => key));
    },
    features: async () => answers.stored,
    spaces: async () => answers.spaces,
    findWords: async (args: WordsArgs) => {
      asked.words.push(args);
      return [{ ...matchOf(args.text), reasons: [] }];
    },
    rank: (args: RankArgs, options: CallOptions) => {
      asked.ranks.push(args);
      return answers.rank(args, options);
    },
  } as unknown as LibraryApi;
  const ranking = createRankingPreferencesStore();
  const only = (chosen: string) => ranking.getState().set({ weights: { colour: 0, resnet50: 0, [chosen]: 1 } });
  return {
    asked,
    answers,
    ranking,
    only,
    store: createSearchStore({ extract, library, ranking, fileOf: async (id) => answers.files.get(id) }),
  };
}

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));
const file = new File(['x'], 'v_Fencing_g01_c01.avi');

describe('search store', () => {
  it('prefers ResNet-50, and reads a query once for all spaces', async () => {
    const { asked, store } = stage();
    await store.getState().searchFile(file);
    expect(asked.extractions).toEqual([['resnet50', 'colour']]);
    expect(store.getState()).toMatchObject({
      phase: 'ready',
      ranked: true,
      searched: [{ key: resnet.key, weight: 1 }],
    });
    expect(store.getState().matches.map(({ id }) => id)).toEqual([resnet.key]);
  });

  it('has the vectors read while there is no query yet, and no longer when there is one', async () => {
    const { asked, only, store } = stage();
    await store.getState().refresh();
    expect(asked.prepared).toEqual([[resnet.key]]);
    only('colour');
    await store.getState().refresh();
    expect(asked.prepared).toEqual([[resnet.key], [colour.key]]);
    await store.getState().searchFile(file);
    await store.getState().refresh();
    expect(asked.prepared).toHaveLength(2);
  });

  it('tells how far the vectors are read that a query waits for, and lets it be cancelled then', async () => {
    const { answers, store } = stage();
    const late = deferred<readonly Match[]>();
    answers.rank = (_, { onProgress }) => {
      onProgress?.({ stage: 'Reading vectors', fraction: 0.5 });
      return late.promise;
    };
    const searched = store.getState().searchFile(file);
    await settled();
    expect(store.getState()).toMatchObject({ phase: 'ready', ranked: false, progress: { fraction: 0.5 } });
    store.getState().cancel();
    expect(store.getState()).toMatchObject({ phase: 'empty', query: undefined, progress: undefined });
    late.resolve([matchOf('late')]);
    await searched;
    expect(store.getState().matches).toEqual([]);
  });

  it('ranks again without reading again when weights, limit or grouping change', async () => {
    const { asked, only, store } = stage();
    await store.getState().searchFile(file);
    only('colour');
    store.getState().setLimit(12);
    store.getState().setHideSource(true);
    await settled();
    expect(asked.extractions).toHaveLength(1);
    expect(asked.ranks.at(-1)).toMatchObject({
      spaces: [{ key: colour.key, weight: 1 }],
      limit: 12,
      excludeGroups: ['Fencing_g01'],
    });
    expect(store.getState().matches.map(({ id }) => id)).toEqual([colour.key]);
  });

  it('searches by several descriptors at once, and by none that were all set to 0', async () => {
    const { asked, ranking, store } = stage();
    await store.getState().searchFile(file);
    ranking.getState().setWeight('resnet50', 0.8);
    ranking.getState().setWeight('colour', 0.25);
    await settled();
    expect(asked.ranks.at(-1)?.spaces).toEqual([
      { key: resnet.key, weight: 0.8 },
      { key: colour.key, weight: 0.25 },
    ]);
    expect(asked.ranks.at(-1)?.query).toMatchObject({ features: [{ space: resnet.space }, { space: colour.space }] });
    ranking.getState().setWeight('resnet50', 0, [resnet, colour]);
    expect(ranking.getState().weights).toEqual({ resnet50: 0, colour: 0.25 });
    ranking.getState().setWeight('colour', 0);
    await settled();
    expect(store.getState()).toMatchObject({ searched: [], matches: [] });
  });

  it('shows the last ranking asked for, even when an earlier one answers later', async () => {
    const { answers, store } = stage();
    await store.getState().searchFile(file);
    const late = deferred<readonly Match[]>();
    answers.rank = ({ limit }) => (limit === 7 ? late.promise : Promise.resolve([matchOf('new')]));
    store.getState().setLimit(7);
    store.getState().setLimit(8);
    await settled();
    late.resolve([matchOf('old')]);
    await settled();
    expect(store.getState().matches.map(({ id }) => id)).toEqual(['new']);
  });

  it('takes the stored features of a file that the library has', async () => {
    const id = `id of ${file.name}`;
    const { asked, store } = stage({
      videos: [{ id, name: 'renamed.avi', spaces: [resnet.key], labels: [], group: 'g' } as unknown as VideoRecord],
    });
    await store.getState().searchFile(file);
    expect(asked.extractions).toEqual([]);
    expect(asked.ranks.at(-1)?.query).toEqual({ kind: 'video', id });
    expect(store.getState().query).toMatchObject({ inLibrary: true, name: file.name, group: 'g' });
  });

  it('forgets a cancelled query at once and ignores what comes of it', async () => {
    const { answers, store } = stage();
    const slow = deferred<Partial<Extraction>>();
    answers.extract = () => slow.promise;
    const searching = store.getState().searchFile(file);
    await settled();
    expect(store.getState().phase).toBe('reading');
    store.getState().cancel();
    expect(store.getState()).toMatchObject({ phase: 'empty', query: undefined });
    slow.resolve({ features: [], failures: [] });
    await searching;
    expect(store.getState()).toMatchObject({ phase: 'empty', error: undefined, recents: [] });
  });

  it('gives the reason why a file cannot be read, and why a descriptor is missing', async () => {
    const { answers, only, store } = stage();
    answers.extract = async () => {
      throw new AppError('file-not-media', 'text');
    };
    await store.getState().searchFile(file);
    expect(store.getState()).toMatchObject({ phase: 'failed', error: { code: 'file-not-media' } });

    answers.extract = async () => ({
      probe,
      features: [matrixIn(colour.space)],
      failures: [{ extractor: 'resnet50', error: { code: 'model-missing', message: '', details: {} } }],
    });
    await store.getState().searchFile(file);
    expect(store.getState()).toMatchObject({ phase: 'ready', rankError: { code: 'model-missing' }, matches: [] });
    only('colour');
    await settled();
    expect(store.getState()).toMatchObject({ rankError: undefined, matches: [{ id: colour.key }] });
  });

  it('says so when the query lies in another space than the library', async () => {
    const { answers, store } = stage();
    answers.extract = async () => ({ probe, features: [matrixIn(spaceOf('resnet50', 'bb'))], failures: [] });
    await store.getState().searchFile(file);
    expect(store.getState().rankError?.code).toBe('spaces-differ');
  });

  it('says so when there is nothing to look at in a query of sound', async () => {
    const { answers, store } = stage();
    const track = { codec: 'vorbis', sampleRate: 44_100, channels: 1 };
    answers.extract = async () => ({ probe: { ...probe, video: undefined, audio: track }, features: [], failures: [] });
    await store.getState().searchFile(file);
    expect(store.getState().rankError?.code).toBe('sound-only');
  });

  it('makes what a new space needs when the library gets one, and keeps the list meanwhile', async () => {
    const { asked, answers, store } = stage({ spaces: [colour] });
    await store.getState().searchFile(file);
    answers.spaces = [colour, resnet];
    await store.getState().refresh();
    expect(asked.extractions).toEqual([['colour'], ['resnet50']]);
    expect(store.getState()).toMatchObject({ searched: [{ key: resnet.key, weight: 1 }], ranked: true });
    await store.getState().refresh();
    expect(asked.extractions).toHaveLength(2);
  });

  it('reads a query that is dropped before anything is indexed, and ranks it when the first video is', async () => {
    const { asked, answers, store } = stage({ spaces: [] });
    const slow = deferred<void>();
    const { extract } = answers;
    answers.extract = async (requests) => {
      await slow.promise;
      return extract(requests);
    };
    const searching = store.getState().searchFile(file);
    await settled();
    answers.spaces = [resnet];
    await store.getState().refresh();
    slow.resolve();
    await searching;
    expect(asked.extractions).toEqual([[], ['resnet50']]);
    expect(store.getState()).toMatchObject({ rankError: undefined, matches: [{ id: resnet.key }] });
  });

  it('does not ask for the same failure again at every change of the library', async () => {
    const { asked, answers, store } = stage({ spaces: [colour] });
    await store.getState().searchFile(file);
    answers.spaces = [colour, resnet];
    answers.extract = async () => {
      throw new AppError('model-missing', 'text');
    };
    await store.getState().refresh();
    await store.getState().refresh();
    expect(asked.extractions).toEqual([['colour'], ['resnet50']]);
    expect(store.getState().rankError?.code).toBe('model-missing');
  });

  it('brings an earlier query back without reading it again', async () => {
    const { asked, store } = stage();
    await store.getState().searchFile(file);
    const first = store.getState().query?.key ?? -1;
    await store.getState().searchFile(new File(['y'], 'other.mp4'));
    await store.getState().searchRecent(first);
    expect(store.getState()).toMatchObject({ query: { name: file.name }, phase: 'ready', ranked: true });
    expect(asked.extractions).toHaveLength(2);
  });

  it('searches by words without reading or ranking, also with no descriptor', async () => {
    const { asked, store } = stage({ spaces: [] });
    await store.getState().searchWords('  two words ');
    expect(store.getState()).toMatchObject({ phase: 'ready', ranked: true, query: { words: 'two words' } });
    expect(store.getState().matches.map(({ id }) => id)).toEqual(['two words']);
    expect(asked).toEqual({
      prepared: [],
      extractions: [],
      ranks: [],
      words: [{ text: 'two words', meanings: [], limit: 5 }],
    });
  });

  it('searches by what the words mean where a descriptor knows words, and says why one does not', async () => {
    const clip = summaryOf(spaceOf('clip', 'cc'));
    const { answers, asked, store } = stage({ spaces: [colour, clip] });
    await store.getState().searchWords('a red car');
    expect(asked.words[0]?.meanings).toEqual([
      { space: clip.key, vector: Float32Array.of(1, 0), neutral: [], scale: 100 },
    ]);
    answers.describe = async () => {
      throw new AppError('model-missing', 'no text model');
    };
    await store.getState().searchWords('a blue car');
    expect(asked.words[1]?.meanings).toEqual([]);
    expect(store.getState()).toMatchObject({
      phase: 'ready',
      meanings: { failures: [{ extractor: 'clip', error: { code: 'model-missing' } }] },
    });
    answers.describe = async () => ({ vector: new Float32Array(3), neutral: [], scale: 100 });
    await store.getState().searchWords('a green car');
    expect(store.getState().meanings?.failures).toMatchObject([{ error: { code: 'spaces-differ' } }]);
  });

  it('keeps words among the earlier queries once', async () => {
    const { store } = stage();
    for (const text of ['dog', 'cat', 'dog', '']) await store.getState().searchWords(text);
    expect(store.getState().recents.map(({ words }) => words)).toEqual(['dog', 'cat']);
  });

  describe('of several examples', () => {
    const video = (id: string, group?: string) => ({ id, name: `${id}.mp4`, ...(group !== undefined && { group }) });

    it('ranks by the query with what is liked and what is not, and takes changes back', async () => {
      const { asked, store } = stage();
      await store.getState().searchFile(file);
      await store.getState().addExample(video('a', 'g'), true);
      await store.getState().addExample(video('b'), false);
      store.getState().setHideSource(true);
      await settled();
      const id = `id of ${file.name}`;
      expect(asked.ranks.at(-1)).toMatchObject({
        query: {
          kind: 'examples',
          original: { kind: 'features', exclude: id, features: [{ space: resnet.space }] },
          more: [{ kind: 'video', id: 'a' }],
          less: [{ kind: 'video', id: 'b' }],
        },
        excludeGroups: ['Fencing_g01', 'g'],
      });
      const liked = () => store.getState().query?.examples.map(({ id, liked }) => [id, liked]);
      const keyOf = (id: string) => store.getState().query?.examples.find((example) => example.id === id)?.key ?? -1;
      store.getState().flipExample(keyOf('b'));
      expect(liked()).toEqual([
        ['a', true],
        ['b', true],
      ]);
      await store.getState().addExample(video('a', 'g'), false);
      store.getState().removeExample(keyOf('b'));
      expect(liked()).toEqual([['a', false]]);
      for (const expected of [2, 2, 2, 1, 0]) {
        store.getState().undoExamples();
        expect(liked()).toHaveLength(expected);
      }
      await settled();
      expect(asked.ranks.at(-1)?.query).toMatchObject({ kind: 'features' });
      store.getState().undoExamples();
      expect(liked()).toEqual([]);
    });

    it('searches with several files at once, leaves out those that cannot be read, and counts a copy once', async () => {
      const { answers, asked, store } = stage();
      const { extract } = answers;
      let calls = 0;
      answers.extract = async (requests) => {
        if (++calls === 2) throw new AppError('file-not-media', 'text');
        return extract(requests);
      };
      const names = ['one.mp4', 'two.txt', 'three.mp4', 'one.mp4'];
      await store.getState().searchFiles(names.map((name) => new File(['x'], name)));
      expect(store.getState()).toMatchObject({
        phase: 'ready',
        unread: [{ name: 'two.txt', error: { code: 'file-not-media' } }],
        query: { several: true, examples: [{ name: 'one.mp4' }, { name: 'three.mp4' }] },
      });
      expect(asked.ranks.at(-1)?.query).toMatchObject({
        original: undefined,
        more: [{ exclude: 'id of one.mp4' }, { exclude: 'id of three.mp4' }],
        less: [],
      });
      answers.extract = async () => {
        throw new AppError('file-not-media', 'text');
      };
      await store.getState().searchFiles([new File(['x'], 'a.txt'), new File(['x'], 'b.txt')]);
      expect(store.getState()).toMatchObject({ phase: 'failed', error: { code: 'file-not-media' } });
    });

    it('begins a search from words, asks for something to be like, and ends with the last example', async () => {
      const { asked, store } = stage();
      await store.getState().searchWords('dog');
      await store.getState().addExample(video('a'), false);
      expect(store.getState().query?.words).toBe('dog');
      await store.getState().addExample(video('a'), true);
      expect(asked.ranks).toHaveLength(1);
      const key = store.getState().query?.examples[0]?.key ?? -1;
      store.getState().flipExample(key);
      await settled();
      expect(asked.ranks).toHaveLength(1);
      expect(store.getState()).toMatchObject({ ranked: true, matches: [] });
      store.getState().removeExample(key);
      expect(store.getState()).toMatchObject({ query: undefined, phase: 'empty' });
      await store.getState().searchRecent(store.getState().recents[0]?.key ?? -1);
      expect(store.getState().query).toMatchObject({ several: true });
    });
  });

  describe('of a part', () => {
    const timed = (count: number): FeatureMatrix => ({
      ...matrixIn(resnet.space),
      frames: Float32Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? i : 1)),
      count,
      times: Float64Array.from({ length: count }, (_, i) => i),
    });

    it('takes the moments that are known where they lie close, else reads the part again', async () => {
      const { answers, asked, store } = stage({ spaces: [resnet] });
      answers.extract = async () => ({ probe, features: [timed(10)], failures: [] });
      await store.getState().searchFile(file);
      store.getState().setPart({ from: 2, to: 5 });
      await settled();
      expect(asked.extractions).toHaveLength(1);
      expect(store.getState()).toMatchObject({ partRead: { moments: 4, again: false }, ranked: true });
      expect(asked.ranks.at(-1)?.query).toMatchObject({
        exclude: `id of ${file.name}`,
        features: [{ times: Float64Array.of(2, 3, 4, 5), vector: Float32Array.of(7, 1) }],
      });

      const part = { from: 6.2, to: 6.8 };
      const again = { ...timed(8), sampling: { ...sampling, instants: { mode: 'uniform', frames: 8, part } } } as const;
      answers.extract = async () => ({ probe, features: [again], failures: [] });
      store.getState().setPart(part);
      await settled();
      expect(asked.extractions).toHaveLength(2);
      expect(store.getState().partRead).toEqual({ moments: 8, again: true });
      store.getState().setLimit(9);
      await settled();
      expect(asked.extractions).toHaveLength(2);
      store.getState().setPart(undefined);
      await settled();
      expect(asked.ranks.at(-1)?.query).toMatchObject({ features: [{ count: 10 }] });
      expect(store.getState().partRead).toBeUndefined();
    });

    it('says so where nothing is known of the part of a stored video whose file is not at hand', async () => {
      const { answers, asked, store } = stage({
        spaces: [resnet],
        videos: [{ id: 'v', name: 'v.mp4', spaces: [resnet.key], labels: [] } as unknown as VideoRecord],
      });
      answers.stored = [timed(3)];
      await store.getState().searchVideo('v');
      store.getState().setPart({ from: 1.2, to: 1.8 });
      await settled();
      expect(store.getState()).toMatchObject({ matches: [], rankError: { code: 'part-empty' } });
      store.getState().setPart({ from: 0.5, to: 1.8 });
      await settled();
      expect(store.getState()).toMatchObject({ rankError: undefined, partRead: { moments: 1, again: false } });
      expect(asked.ranks.at(-1)?.query).toMatchObject({ kind: 'features', exclude: 'v', features: [{ count: 1 }] });
    });
  });
});
