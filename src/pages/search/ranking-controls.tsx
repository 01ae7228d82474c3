import { NativeSelect, Text } from '@mantine/core';
import type { ProbabilityForm } from '../../core/ranking/probability';
import type { RankingPreferencesStore } from '../../state/ranking-preferences';
import { useStoreValue } from '../../state/stores';
import { NumberField } from '../../ui/number-field';
import { RecipeSelect, RecipeStages } from '../../ui/recipe-editor';
import classes from './search.module.css';

const forms: Record<ProbabilityForm, { readonly label: string; readonly says: string }> = {
  softmax: {
    label: 'softmax of −d / τ',
    says: 'The chance of each video to be the one, were only one meant: exp(−d / τ) over the sum of all, d = 1 − similarity. It shrinks as the library grows, and a smaller τ gives the best more of it.',
  },
  published: {
    label: 'SF(1 − SF(d)), as published',
    says: 'The softmax of 1 less the softmax of the distances. It depends on the number of videos alone, nearly: each gets about its equal share, whatever the distances; τ does not count.',
  },
};

/** How the library is ranked, and what probability is told of a match. Every change ranks again. */
export function RankingControls({ ranking }: { readonly ranking: RankingPreferencesStore }) {
  const recipe = useStoreValue(ranking, (state) => state.recipe);
  const probability = useStoreValue(ranking, (state) => state.probability);
  const { set } = ranking.getState();
  const editor = { recipe, onRecipe: (changed: typeof recipe) => set({ recipe: changed }) };
  return (
    <>
      <RecipeSelect {...editor} />
      <RecipeStages {...editor}>
        <div className={classes.probability}>
          <NativeSelect
            label="Probability of similarity"
            value={probability.form}
            data={Object.entries(forms).map(([value, { label }]) => ({ value, label }))}
            onChange={(event) =>
              set({ probability: { ...probability, form: event.currentTarget.value as ProbabilityForm } })
            }
          />
          {probability.form === 'softmax' && (
            <NumberField
              label="τ"
              value={probability.tau}
              min={0.001}
              max={10}
              step={0.01}
              onValue={(tau) => set({ probability: { ...probability, tau } })}
            />
          )}
        </div>
        <Text size="xs" c="dimmed" mt={8} maw={720}>
          {forms[probability.form].says}
        </Text>
      </RecipeStages>
    </>
  );
}
