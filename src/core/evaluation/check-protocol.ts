import { classesOf, type EvaluationSet } from './evaluation-set';
import type { GalleryRule } from './protocols';
import { queryGalleries } from './query-galleries';
import type { EvaluationReport } from './report';
import type { Note } from './report-notes';

/** Classes and videos that a data set of these paths and labels does not list so. */
export function checkDataSet({ dataSet }: EvaluationReport, set: EvaluationSet, note: Note): void {
  const { classes, videos, groupsKnown } = dataSet;
  const wrong = classes.findIndex((label, i) => label !== set.classes[i]);
  if (wrong >= 0) note(`dataSet.classes[${wrong}]`, 'is the class of no video, is listed twice or stands out of order');
  videos.forEach((video, i) => {
    const own = set.videos[i];
    if (own?.path !== video.path || own.id !== video.id)
      note(`dataSet.videos[${i}].path`, 'stands out of order: videos are listed by path, then id');
    else if (wrong < 0 && String(video.labels) !== String(classesOf(set, i)))
      note(`dataSet.videos[${i}].labels`, 'are listed twice or out of order');
  });
  if (groupsKnown !== set.groupsKnown)
    note('dataSet.groupsKnown', `is ${groupsKnown}, but the videos have ${set.groupsKnown ? '' : 'no '}groups`);
}

/** Queries, galleries and counts that the protocol does not give for the data set. */
export function* checkProtocol(
  report: EvaluationReport,
  set: EvaluationSet,
  rule: GalleryRule,
  note: Note,
): Generator<undefined, void> {
  const { queries: of, counts, excluded, withoutFrames = [], scorer } = report;
  const used = new Set([...rule.queries, ...rule.gallery]).size;
  const derived = { queries: rule.queries.length, gallery: rule.gallery.length, unused: set.videos.length - used };
  for (const key of ['queries', 'gallery', 'unused'] as const)
    if (counts[key] !== derived[key])
      note(`counts.${key}`, `is ${counts[key]}, but the protocol gives ${derived[key]} for this data set`);

  const ranked = scorer.name === 'ranked';
  const galleryOf = queryGalleries(set, rule);
  const left = new Set([...excluded, ...withoutFrames]);
  let at = 0;
  for (const query of rule.queries) {
    const { gallery, relevant, others } = galleryOf(query);
    // Which videos have frames is not kept: a query of frames may be left out where a ranked one is not.
    const isLeft = others === 0 || (!ranked && left.has(query));
    if (isLeft !== left.has(query)) {
      const reason = `leaves out video ${query}, for which the protocol has others of its class`;
      const missing = `lacks video ${query}, for which the protocol has no other of its class`;
      note('excluded', isLeft ? missing : reason);
    }
    if (!isLeft) {
      if (of.video[at] !== query) {
        note(`queries.video[${at}]`, `is ${of.video[at] ?? 'missing'}, but the protocol's query here is ${query}`);
        return;
      }
      const expected = ranked ? { gallery, relevant } : { gallery: rule.gallery.length, relevant: 0 };
      for (const key of ['gallery', 'relevant'] as const)
        if (of[key][at] !== expected[key])
          note(`queries.${key}[${at}]`, `is ${of[key][at]}, but the protocol gives ${expected[key]}`);
      at++;
    }
    yield;
  }
  if (at < of.video.length) note(`queries.video[${at}]`, `is ${of.video[at]}, which the protocol does not ask for`);
  const asked = new Set(rule.queries);
  for (const [path, list] of [
    ['excluded', excluded],
    ['withoutFrames', withoutFrames],
  ] as const)
    list.forEach((video, i) => {
      if (!asked.delete(video)) note(`${path}[${i}]`, `is ${video}, which is no query, or is listed twice`);
    });
  if (ranked && withoutFrames.length > 0) note('withoutFrames', 'is for frame-knn alone');
}
