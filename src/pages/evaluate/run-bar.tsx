import { Button, Checkbox, NativeSelect, Progress, Text } from '@mantine/core';
import { Play } from 'lucide-react';
import type { Protocol } from '../../core/evaluation/protocols';
import type { RankingRecipe } from '../../core/ranking/recipe';
import type { EvaluationChoices } from '../../state/evaluation-store';
import { spaceOfEach, weightsOf } from '../../state/ranking-preferences';
import { useStores, useStoreValue } from '../../state/stores';
import { NumberField } from '../../ui/number-field';
import { RecipeSelect, RecipeStages } from '../../ui/recipe-editor';
import { timeLeft } from '../../ui/time-left';
import { extractorLabel, type SpaceSummary, spaceOptions } from '../descriptor-words';
import classes from '../evaluation.module.css';

export const protocolWords: Readonly<Record<Protocol['name'], string>> = {
  'group-excluded': 'Every video asks; its own group cannot be found. Free of leaks between clips of one source.',
  'leave-one-out': 'Every video asks; all others can be found, clips of the same source too.',
  'official-split': 'Test videos ask, train videos are found: the published protocol.',
  holdout: 'A share of each class is found, the rest asks.',
  'with-query': 'The query itself can be found: only to reproduce reports that did so.',
};

/** In place of a space's key: all spaces, weighted as in search. */
export const weighted = 'weighted';

type Props = {
  readonly spaces: readonly SpaceSummary[];
  /** A space's key, or {@link weighted}. */
  readonly space: string | undefined;
  readonly protocol: Protocol['name'];
  readonly ready: boolean;
  readonly onRun: () => void;
};

/** Descriptor, protocol, scorer and k, then Run. */
export function RunBar({ spaces, space, protocol, ready, onRun }: Props) {
  const { evaluation, ranking } = useStores();
  const preferences = useStoreValue(ranking, (state) => state);
  const each = spaceOfEach(spaces, preferences);
  const choices = useStoreValue(evaluation, (state) => state.choices);
  const running = useStoreValue(evaluation, (state) => state.running !== undefined);
  const paused = useStoreValue(evaluation, (state) => state.running?.paused ?? false);
  const { set, pause, cancel } = evaluation.getState();
  const recipe = {
    recipe: preferences.recipe,
    onRecipe: (changed: RankingRecipe) => preferences.set({ recipe: changed }),
  };
  return (
    <section aria-label="Settings of the evaluation" className={classes.screenOnly}>
      <div className={classes.bar}>
        <NativeSelect
          label="Descriptor"
          value={space ?? ''}
          data={[
            ...spaceOptions(spaces),
            ...(each.length > 1 && choices.scorer === 'ranked'
              ? [{ value: weighted, label: 'several, weighted' }]
              : []),
          ]}
          onChange={(event) => set({ space: event.currentTarget.value })}
        />
        <NativeSelect
          label="Protocol"
          value={protocol}
          data={Object.keys(protocolWords)}
          onChange={(event) => set({ protocol: event.currentTarget.value as Protocol['name'] })}
        />
        <NativeSelect
          label="Scorer"
          value={choices.scorer}
          data={[
            { value: 'ranked', label: 'ranked videos' },
            { value: 'frame-knn', label: 'frame-knn' },
          ]}
          onChange={(event) => set({ scorer: event.currentTarget.value as EvaluationChoices['scorer'] })}
        />
        {choices.scorer === 'ranked' && <RecipeSelect {...recipe} />}
        <NumberField label="k" value={choices.k} onValue={(k) => set({ k })} max={200} />
        {choices.scorer === 'frame-knn' && (
          <NumberField
            label="Neighbours"
            value={choices.neighbours}
            onValue={(neighbours) => set({ neighbours })}
            max={1000}
          />
        )}
        {space === weighted &&
          weightsOf(each, preferences).map((weight, i) => {
            const { extractor } = (each[i] as SpaceSummary).space;
            return (
              <NumberField
                key={extractor}
                label={`${extractorLabel(extractor)}, %`}
                value={Math.round(100 * weight)}
                min={0}
                max={100}
                step={5}
                onValue={(value) => preferences.setWeight(extractor, value / 100, each)}
              />
            );
          })}
        {protocol === 'holdout' && (
          <>
            <NumberField
              label="Gallery, %"
              value={Math.round(100 * choices.share)}
              onValue={(share) => set({ share: share / 100 })}
              max={99}
            />
            <NumberField label="Seed" value={choices.seed} onValue={(seed) => set({ seed })} max={2 ** 31} />
            <Checkbox
              mb={8}
              label="Keep groups together"
              checked={choices.groupAware}
              onChange={(event) => set({ groupAware: event.currentTarget.checked })}
            />
          </>
        )}
        <Button leftSection={<Play size={16} aria-hidden />} disabled={!ready || running} onClick={onRun}>
          Run evaluation
        </Button>
        {running && (
          <>
            <Button variant="default" onClick={() => pause(!paused)}>
              {paused ? 'Resume' : 'Pause'}
            </Button>
            <Button variant="default" onClick={cancel}>
              Cancel
            </Button>
          </>
        )}
      </div>
      <Text size="sm" c="dimmed" mt={4}>
        {protocolWords[protocol]}
      </Text>
      {choices.scorer === 'ranked' && (
        <RecipeStages {...recipe}>
          <Text size="xs" c="dimmed" mt={8}>
            Search ranks in the same way.
          </Text>
        </RecipeStages>
      )}
      <RunProgress />
    </section>
  );
}

/** How far the run is; by itself, as it changes many times. */
function RunProgress() {
  const { evaluation } = useStores();
  const running = useStoreValue(evaluation, (state) => state.running);
  if (!running) return null;
  const { stage, fraction, left, paused } = running;
  return (
    <div>
      <Text size="sm" role="status">
        {paused ? 'Paused. ' : ''}
        {stage}
        {fraction === undefined ? '…' : `: ${Math.round(100 * fraction)} %`}
        {left !== undefined && !paused && `, ${timeLeft(left)}`}
      </Text>
      <Progress value={100 * (fraction ?? 0)} aria-label="Evaluation" transitionDuration={0} />
    </div>
  );
}
