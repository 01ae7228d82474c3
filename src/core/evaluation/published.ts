import type { EvaluationReport } from './report';

/** Hits@k in per cent that papers report of UCF101's first split (test videos ask, train videos are found). */
export const publishedKs = [1, 5, 10, 20, 50] as const;
export const published: readonly { readonly method: string; readonly hits: readonly (number | undefined)[] }[] = [
  { method: 'R3D, random weights', hits: [9.9, 18.9, 26.0, 35.5, 51.9] },
  { method: 'VCOP', hits: [14.1, 30.3, 40.4, 51.1, 66.5] },
  { method: 'Pace', hits: [31.9, 49.7, 59.2, 68.9, 80.2] },
  { method: 'IIC', hits: [42.4, 60.9, 69.2, 77.1, 86.5] },
  { method: 'CoCLR, two streams', hits: [55.9, 70.8, 76.9, 82.5, undefined] },
  { method: 'GDT, with sound', hits: [57.4, 73.4, 80.8, 88.1, 92.9] },
  { method: 'MVCGC', hits: [66.1, 79.1, 84.0, 89.0, 93.7] },
];

/** Classes, queries and gallery of that split. */
const split = { classes: 101, queries: 3783, gallery: 9537 };

/** Whether a report can stand beside the published numbers: `whole` the very protocol, `part` the same on some of its
 * videos. Undefined where it is about something else. */
export function besidePublished({ protocol, dataSet, counts }: EvaluationReport): 'whole' | 'part' | undefined {
  if (protocol.name !== 'official-split') return undefined;
  // UCF101's names: `v_<Class>_g<NN>_c<NN>`; the lists' HandstandPushups holds files of v_HandStandPushups.
  const named = dataSet.videos.every(({ path, labels }) => {
    const label = dataSet.classes[labels[0] ?? -1];
    return labels.length === 1 && path.toLowerCase().includes(`v_${label}_g`.toLowerCase());
  });
  if (!named) return undefined;
  const { queries, gallery } = counts;
  const whole = dataSet.classes.length === split.classes && queries === split.queries && gallery === split.gallery;
  return whole ? 'whole' : 'part';
}
