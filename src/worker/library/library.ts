import { compareReports } from '../../core/evaluation/compare-reports';
import type { FeatureMatrix } from '../../core/feature';
import { spaceKey } from '../../core/feature';
import { isSampleClip, newestFirst } from '../../core/video';
import type { LibraryApi, SpaceSummary, VideoEdit } from '../../protocol/library-api';
import { Database } from '../storage/database';
import { commitExtraction, readClasses, readSpaces, readThumbnails } from '../storage/features';
import { removeLooseFiles } from '../storage/packs';
import { storeNames, type VectorRow, type VideoRow } from '../storage/schema';
import { edited, enqueueVideos, failed, placeKey, restored, updateVideos, waiting } from '../storage/videos';
import { Catalogue } from './catalogue';
import { checkpoints } from './checkpoints';
import { allowPairs, dismissPairs, findDuplicates, readDismissed } from './duplicates';
import { evaluate, evaluationState } from './evaluate';
import { exportFeatures } from './export-features';
import { findWords } from './find-words';
import { fitLibraryWeights } from './fit-weights';
import { editsOfFiles, labelsOfLibrary, readGroundTruth } from './ground-truth';
import {
  exportHead,
  headReport,
  importHead,
  keepHead,
  keptHead,
  listHeads,
  momentsOf,
  removeHead,
  vectorsOf,
} from './heads';
import { importFeatures } from './import-features';
import { describeByMap, forgetMapDescriptor } from './map-descriptor';
import { alignTimelines, findOccurrences } from './moments';
import { keepProjection, keptProjection, listProjections } from './projections';
import { rank } from './rank';
import { listReports, parseReport, removeReport, savedReport, saveReport, truthOfReport } from './reports';
import { putShots, rankShots, storedShots, summariseShots, videosWithShots } from './shots';
import { storedFeatures } from './stored-features';
import { findUnusual } from './unusual';

/** The stored library over the IndexedDB database `name`; `close` lets go of it. */
export function createLibrary(name = 'reelmatch'): LibraryApi & { close(): void } {
  const database = new Database(name);
  const catalogue = new Catalogue(database, name);

  const update = async (ids: readonly string[], change: (row: VideoRow) => VideoRow) => {
    const rows = await updateVideos(database, ids, change);
    await catalogue.stored(rows);
    return rows;
  };
  const updateOne = async (id: string, change: (row: VideoRow) => VideoRow) =>
    (await update([id], change))[0] as VideoRow;
  const edit = (edits: readonly VideoEdit[]) => {
    const changes = new Map(edits.map((each) => [each.id, each.changes]));
    return update([...changes.keys()], (row) => edited(row, changes.get(row.id) ?? {}));
  };

  return {
    // In the order that the page shows at first: sorting so many would halt it.
    videos: async () => (await catalogue.videos()).sort(newestFirst),
    someVideos: async ({ ids }) => {
      const rows = await catalogue.rows();
      return ids.flatMap((id) => rows.get(id) ?? []).filter(({ removed }) => removed === undefined);
    },

    async enqueue({ files }) {
      const places = new Map(files.map(({ id, location }) => [placeKey(location), id]));
      const paths = new Set(files.map(({ location }) => location.path));
      const moved = [...(await catalogue.rows()).values()].filter(({ id, locations }) =>
        locations.some((location) => {
          // Nearly all of a large library are told by their path alone.
          if (location.folder === null || !paths.has(location.path)) return false;
          const taker = places.get(placeKey(location));
          return taker !== undefined && taker !== id;
        }),
      );
      const rows = await enqueueVideos(
        database,
        files,
        moved.map(({ id }) => id),
      );
      await catalogue.stored(rows);
      return rows.filter(({ removed }) => removed === undefined);
    },

    async put({ id, extraction }) {
      const row = await commitExtraction(database, id, extraction);
      await catalogue.stored(
        [row],
        extraction.features.map((feature) => vectorRow(id, feature)),
      );
      return row;
    },

    fail: ({ id, error }) => updateOne(id, (row) => failed(row, error)),
    requeue: ({ ids }) => update(ids, waiting),
    edit: ({ edits }) => edit(edits),

    async remove({ ids }) {
      const removed = Date.now();
      await update(ids, (row) => ({ ...row, removed }));
    },
    restore: ({ ids }) => update(ids, restored),
    purge: ({ ids }) => catalogue.purge(ids),

    thumbnails: ({ id }) => readThumbnails(database, id),
    seenMoments: async ({ id }) => (await readClasses(database, [id]))[0] ?? [],

    async spaces() {
      const videos = await catalogue.videos();
      const counts = new Map<string, number>();
      for (const { spaces } of videos) for (const key of spaces) counts.set(key, (counts.get(key) ?? 0) + 1);
      return (await readSpaces(database)).flatMap(({ key, space, sampling, dimensions, imported }): SpaceSummary[] => {
        const count = counts.get(key);
        return count ? [{ key, space, sampling, dimensions, imported, videos: count }] : [];
      });
    },

    rank: (args, options) => rank(database, catalogue, args, options),
    async prepare({ spaces, ranking, compact = false }) {
      for (const { key } of spaces) await catalogue.index(key, ranking, spaces.length, { compact });
    },
    features: (args) => storedFeatures(database, catalogue, args),

    findDuplicates: (_, options) => findDuplicates(database, catalogue, options),
    dismissPairs: ({ pairs }) => dismissPairs(database, pairs),
    allowPairs: ({ pairs }) => allowPairs(database, pairs),
    dismissedPairs: async () => (await readDismissed(database)).length,
    alignTimelines,
    findOccurrences: (args, options) => findOccurrences(database, catalogue, args, options),
    findWords: (args, options) => findWords(database, catalogue, args, options),

    putShots: (args) => putShots(database, args),
    shots: ({ id }) => storedShots(database, id),
    videosWithShots: ({ space }) => videosWithShots(database, space),
    rankShots: (args) => rankShots(database, catalogue, args),
    summariseShots: (args, options) => summariseShots(database, args, options),

    folders: () => database.read(['folders'], (tx) => tx.objectStore('folders').getAll()),
    async keepFolder({ folder }) {
      await database.write(['folders'], (tx) => tx.objectStore('folders').put(folder));
      await catalogue.stored([]);
    },
    async forgetFolder({ id }) {
      await database.write(['folders'], (tx) => tx.objectStore('folders').delete(id));
      await catalogue.stored([]);
    },

    async proxy({ id }) {
      return (await database.read(['proxies'], (tx) => tx.objectStore('proxies').get(id)))?.blob;
    },
    async putProxy({ id, proxy }) {
      await database.write(['proxies'], (tx) => tx.objectStore('proxies').put({ video: id, blob: proxy }), {
        durability: 'relaxed',
      });
    },
    async freeProxies() {
      const samples = new Set((await catalogue.videos()).filter(isSampleClip).map(({ id }) => id));
      await database.write(['proxies'], async (tx) => {
        const proxies = tx.objectStore('proxies');
        const keys = await proxies.getAllKeys();
        await Promise.all(keys.filter((id) => !samples.has(id)).map((id) => proxies.delete(id)));
      });
    },

    async storage() {
      const { usage = 0, quota = 0 } = await navigator.storage.estimate();
      return { usage, quota };
    },

    setMemory: async ({ bytes }) => catalogue.setMemory(bytes),

    async clear() {
      await database.write(storeNames, async (tx) => {
        await Promise.all(storeNames.map((store) => tx.objectStore(store).clear()));
      });
      // Where there are no files, there is nothing to remove.
      await removeLooseFiles(database).catch(() => undefined);
      catalogue.reset();
    },

    exportFeatures: (args, options) => exportFeatures(database, catalogue, args, options),
    importFeatures: ({ file }, options) => importFeatures(database, catalogue, file, options),

    readGroundTruth: async (source, options) => readGroundTruth(source, await catalogue.videos(), options),
    applyGroundTruth: async ({ files }) => edit(await editsOfFiles(files, await catalogue.videos())),
    exportLabels: async () => labelsOfLibrary(await catalogue.videos()),
    evaluate: (args, options) => evaluate(database, catalogue, args, options),
    fitWeights: (args, options) => fitLibraryWeights(database, catalogue, args, options),
    evaluationState: (basis) => evaluationState(database, catalogue, basis),
    truthOfReport: async ({ report }) => truthOfReport(report, await catalogue.videos()),
    readReport: async ({ file }) => parseReport(await file.text()),
    reports: () => listReports(database),
    saveReport: (args) => saveReport(database, args),
    savedReport: ({ id }) => savedReport(database, id),
    removeReport: ({ id }) => removeReport(database, id),
    compareReports: async ({ first, second }) => compareReports(first, second),

    vectors: (args) => vectorsOf(catalogue, args),
    moments: (args) => momentsOf(database, args),
    heads: () => listHeads(database),
    keepHead: (args) => keepHead(database, args),
    keptHead: ({ id }) => keptHead(database, id),
    headReport: ({ id }) => headReport(database, id),
    removeHead: ({ id }) => removeHead(database, id),
    ...checkpoints(database),
    exportHead: ({ id, format }) => exportHead(database, id, format),
    importHead: ({ file }) => importHead(database, file),

    keepProjection: ({ projection }) => keepProjection(database, projection),
    projections: () => listProjections(database),
    projection: ({ key }) => keptProjection(database, key),
    findUnusual: (args, options) => findUnusual(database, catalogue, args, options),
    describeByMap: ({ key }) => describeByMap(database, catalogue, key),
    forgetMapDescriptor: ({ key }) => forgetMapDescriptor(database, catalogue, key),

    async subscribe(onChange) {
      catalogue.subscribe(onChange);
    },

    close: () => catalogue.close(),
  };
}

function vectorRow(video: string, { space, vector, count, sampling }: FeatureMatrix): VectorRow {
  return { space: spaceKey(space), video, vector, frames: count, sampling };
}
