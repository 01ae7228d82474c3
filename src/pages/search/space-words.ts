import type { Metric } from '../../core/feature';
import type { RankingRecipe } from '../../core/ranking/recipe';
import { recipeWords } from '../../core/ranking/recipe-words';
import type { VideoRecord } from '../../core/video';
import { optionsOfSpace, optionWords } from '../../extractors/options';
import { extractors } from '../../extractors/registry';
import type { SearchState } from '../../state/search-state';
import { extractorLabel, hasWhatTakes } from '../descriptor-words';

type SpaceSummary = SearchState['spaces'][number];

const fits: Record<string, string> = { squeeze: 'whole frame', 'centre-crop': 'centre crop', cover: 'centre square' };

/** Options of the descriptor list; what tells spaces of one extractor apart is said only where they differ in it. */
export function spaceLabels(spaces: readonly SpaceSummary[]): { value: string; label: string }[] {
  return spaces.map(({ key, space, videos, imported }) => {
    const alike = spaces.filter((other) => other.space.extractor === space.extractor);
    const differ = (part: (of: SpaceSummary['space']) => unknown) =>
      alike.some((other) => part(other.space) !== part(space));
    const card = extractors.find(({ id }) => id === space.extractor);
    const inputOf = (of: SpaceSummary['space']) =>
      of.preprocessing.split('; ').find((part, i) => i > 0 && !part.includes('='));
    const [fit = ''] = space.preprocessing.split('; ');
    const parts = [
      extractorLabel(space.extractor),
      ...(differ((of) => of.preprocessing.split('; ')[0]) ? [fits[fit] ?? fit] : []),
      ...(differ(inputOf) ? [inputOf(space) ?? ''] : []),
      optionWords(card ?? {}, optionsOfSpace(card ?? {}, space.preprocessing)),
      ...(space.modelHash !== null && differ((of) => of.modelHash) ? [`model ${space.modelHash.slice(0, 6)}`] : []),
      ...(differ((of) => of.version) ? [`version ${space.version}`] : []),
      ...(imported ? ['imported'] : []),
      `${videos} ${videos === 1 ? 'video' : 'videos'}`,
    ];
    return { value: key, label: parts.filter((part) => part !== '').join(' · ') };
  });
}

const metricWords: Record<Metric, string> = {
  cosine: 'cosine',
  euclidean: '1 minus the root mean square difference',
  hamming: 'share of equal bits',
};

/** What a score is: `cosine of mean ResNet-50 vectors, 8 frames`. */
export function scoreMeaning({ space, sampling }: SpaceSummary): string {
  const card = extractors.find(({ id }) => id === space.extractor);
  const metric = metricWords[card?.metric ?? 'cosine'];
  const vectors =
    card?.aggregation === 'concatenate'
      ? `${extractorLabel(space.extractor)} strips`
      : `mean ${extractorLabel(space.extractor)} vectors`;
  return `${metric} of ${vectors}, ${moments(sampling)}`;
}

function moments(sampling: SpaceSummary['sampling']): string {
  if ('sampleRate' in sampling) return 'all along the sound';
  const { instants } = sampling;
  if (instants.mode === 'clips') return `at most ${instants.clips} clips`;
  if (instants.mode === 'every') return 'every frame';
  return instants.mode === 'uniform' ? `${instants.frames} frames` : `a frame every ${instants.seconds} s`;
}

/** What a match's number is: the only descriptor's similarity, or what became of several, and what the stages make of it. */
export function rankingMeaning(searched: readonly SpaceSummary[], recipe: RankingRecipe): string {
  const names = searched.map(({ space }) => extractorLabel(space.extractor)).join(', ');
  const [only] = searched;
  const stages = recipeWords(recipe, searched.length);
  if (stages.length === 0 && only) return scoreMeaning(only);
  return `${only && searched.length === 1 ? scoreMeaning(only) : `similarities by ${names}`}; ${stages.join('; ')}`;
}

/** Says how many indexed videos a search by this space cannot find although they have the pictures, or the sound, that it
 * takes; undefined where it finds all. */
export function lacking({ key, space }: SpaceSummary, videos: readonly VideoRecord[]): string | undefined {
  const indexed = videos.filter(({ state }) => state === 'indexed');
  const count = indexed.filter((video) => !video.spaces.includes(key) && hasWhatTakes(space.extractor, video)).length;
  if (count === 0) return undefined;
  return `${count} of ${indexed.length} indexed videos ${count === 1 ? 'has' : 'have'} no ${extractorLabel(space.extractor)} vector and cannot be found by it.`;
}
