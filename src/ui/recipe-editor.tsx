import { Checkbox, NativeSelect, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { type Distance, type Preset, presetOf, presets, type RankingRecipe } from '../core/ranking/recipe';
import { type StageName, stageOf, withParameters, withStage } from '../core/ranking/recipe-stages';
import { NumberField } from './number-field';
import classes from './recipe-editor.module.css';

type Props = { readonly recipe: RankingRecipe; readonly onRecipe: (recipe: RankingRecipe) => void };

const presetWords: Record<Preset, string> = {
  improved: 'Improved: neighbours decide too',
  original: 'Original: mean vectors, cosine',
};

/** How the library is ranked, in one choice. */
export function RecipeSelect({ recipe, onRecipe }: Props) {
  const preset = presetOf(recipe);
  const options = (Object.keys(presets) as Preset[]).map((value) => ({ value: `${value}`, label: presetWords[value] }));
  return (
    <NativeSelect
      label="Ranking"
      value={preset ?? 'custom'}
      data={[...options, ...(preset ? [] : [{ value: 'custom', label: 'Custom: your own stages' }])]}
      onChange={(event) => {
        const chosen = event.currentTarget.value as Preset | 'custom';
        if (chosen !== 'custom') onRecipe(presets[chosen]);
      }}
    />
  );
}

const stages: readonly { readonly name: StageName; readonly label: string; readonly says: string }[] = [
  {
    name: 'signed-root',
    label: 'Square root of values',
    says: 'Takes the root of every value, so that a few large ones do not decide alone.',
  },
  {
    name: 'centre',
    label: 'Centre on the library',
    says: 'Takes the mean of your library away: what all videos share says nothing.',
  },
  {
    name: 'standardise',
    label: 'Standardise over the library',
    says: 'Centres, and divides each value by how much it varies over your library.',
  },
  {
    name: 'query-expansion',
    label: 'Query expansion',
    says: 'Asks again with the mean of the query and its best matches.',
  },
  {
    name: 'k-reciprocal',
    label: 'Neighbours in common',
    says: 'Moves up videos that count the query among their nearest and share its neighbours (k-reciprocal).',
  },
  {
    name: 'database-augmentation',
    label: 'Smooth by neighbours',
    says: 'Makes each of the best the mean of itself and its nearest, and ranks once more (database augmentation).',
  },
];

const distances: Record<Distance, { readonly label: string; readonly says: string }> = {
  own: {
    label: 'as each descriptor says',
    says: 'Networks by cosine, colours by mean squared error, hashes by their equal bits.',
  },
  cosine: { label: 'cosine', says: 'The angle between vectors, whatever their lengths.' },
  euclidean: { label: 'Euclidean', says: 'How far vectors lie apart: the root of the mean squared error.' },
  'inner-product': { label: 'inner product', says: 'As the cosine, but long vectors count for more.' },
  chamfer: {
    label: 'frame sets (Chamfer)',
    says: 'Each frame with its nearest neighbour in the other video, and back; for the best candidates.',
  },
  ssim: {
    label: 'colours as pictures (SSIM)',
    says: 'Strips of colour by brightness, contrast and structure, for the best candidates; all else as each descriptor says.',
  },
};

const fusions = {
  'z-score': 'late, scores on one spread',
  'min-max': 'late, scores within 0 to 1',
  none: 'late, scores as they are',
  early: 'early, one joined vector',
} as const;
type FusionChoice = keyof typeof fusions;

const options = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([value, label]) => ({ value, label }));

/** The stages one by one, each in a sentence, with what they are compared by and their numbers. */
export function RecipeStages({ recipe, onRecipe, children }: Props & { readonly children?: ReactNode }) {
  const { fusion, candidates } = recipe;
  const fused: FusionChoice = fusion.name === 'late' ? fusion.normalisation : 'early';
  return (
    <Disclosure summary="How it is ranked">
      <fieldset className={classes.list} aria-label="Stages of the ranking">
        {stages.map(({ name, label, says }) => (
          <Checkbox
            key={name}
            label={label}
            description={says}
            checked={stageOf(recipe, name) !== undefined}
            onChange={(event) => onRecipe(withStage(recipe, name, event.currentTarget.checked))}
          />
        ))}
      </fieldset>
      <div className={classes.fields}>
        <NativeSelect
          label="Distance"
          value={recipe.distance}
          data={Object.entries(distances).map(([value, { label }]) => ({ value, label }))}
          onChange={(event) => onRecipe({ ...recipe, distance: event.currentTarget.value as Distance })}
        />
        <NativeSelect
          label="Several descriptors"
          value={fused}
          data={options(fusions)}
          onChange={(event) => {
            const chosen = event.currentTarget.value as FusionChoice;
            onRecipe({
              ...recipe,
              fusion: chosen === 'early' ? { name: 'early' } : { name: 'late', normalisation: chosen },
            });
          }}
        />
      </div>
      <Text size="xs" c="dimmed" mt={8} maw={720}>
        {distances[recipe.distance].says}
      </Text>
      {children}
      <Disclosure summary="Advanced">
        <div className={classes.fields}>
          <Parameters recipe={recipe} onRecipe={onRecipe} />
          <NumberField
            label="Re-ranked"
            value={candidates}
            min={10}
            max={1000}
            onValue={(value) => onRecipe({ ...recipe, candidates: value })}
          />
        </div>
        <Text size="xs" c="dimmed" mt={8}>
          Only the best matches are re-ranked. In a small library neighbourhoods are smaller than asked for.
        </Text>
      </Disclosure>
    </Disclosure>
  );
}

/** What it holds is there only while it is open: hidden, its colours would never end their change with the theme. */
function Disclosure({ summary, children }: { readonly summary: string; readonly children: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <details className={classes.stages} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{summary}</summary>
      {open && children}
    </details>
  );
}

function Parameters({ recipe, onRecipe }: Props) {
  const standardise = stageOf(recipe, 'standardise');
  const reciprocal = stageOf(recipe, 'k-reciprocal');
  return (
    <>
      {standardise && (
        <NumberField
          label="Shrink"
          value={standardise.shrink}
          min={0}
          max={10}
          step={0.05}
          onValue={(shrink) => onRecipe(withParameters(recipe, 'standardise', { shrink }))}
        />
      )}
      {reciprocal && (
        <>
          <NumberField
            label="Neighbours, k1"
            value={reciprocal.k1}
            max={200}
            onValue={(k1) => onRecipe(withParameters(recipe, 'k-reciprocal', { k1 }))}
          />
          <NumberField
            label="Averaged, k2"
            value={reciprocal.k2}
            max={100}
            onValue={(k2) => onRecipe(withParameters(recipe, 'k-reciprocal', { k2 }))}
          />
          <NumberField
            label="Old distance, λ"
            value={reciprocal.lambda}
            min={0}
            max={1}
            step={0.05}
            onValue={(lambda) => onRecipe(withParameters(recipe, 'k-reciprocal', { lambda }))}
          />
        </>
      )}
      {(['query-expansion', 'database-augmentation'] as const).map((name) => {
        const stage = stageOf(recipe, name);
        if (!stage) return null;
        const of = name === 'query-expansion' ? 'expansion' : 'smoothing';
        return [
          <NumberField
            key={`${name} neighbours`}
            label={`Neighbours, ${of}`}
            width={152}
            value={stage.neighbours}
            max={100}
            onValue={(neighbours) => onRecipe(withParameters(recipe, name, { neighbours }))}
          />,
          <NumberField
            key={`${name} alpha`}
            label={`Power, ${of}`}
            width={128}
            value={stage.alpha}
            min={0}
            max={10}
            step={0.5}
            onValue={(alpha) => onRecipe(withParameters(recipe, name, { alpha }))}
          />,
        ];
      })}
    </>
  );
}
