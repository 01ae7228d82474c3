import { Button, NativeSelect, Slider, Text } from '@mantine/core';
import {
  type RankingPreferencesStore,
  type SpaceSummary,
  spaceOfEach,
  weightsOf,
} from '../../state/ranking-preferences';
import { useStoreValue } from '../../state/stores';
import { extractorLabel } from '../descriptor-words';
import classes from './search.module.css';
import { spaceLabels } from './space-words';

export type DescriptorSlidersProps = {
  readonly spaces: readonly SpaceSummary[];
  readonly ranking: RankingPreferencesStore;
};

/** What "similar" means: how much each descriptor counts. Every move ranks again. */
export function DescriptorSliders({ spaces, ranking }: DescriptorSlidersProps) {
  const preferences = useStoreValue(ranking, (state) => state);
  const { setWeight, set } = preferences;
  const each = spaceOfEach(spaces, preferences);
  const weights = weightsOf(each, preferences);
  const only = (chosen: string) =>
    set({
      weights: Object.fromEntries(each.map(({ space: { extractor } }) => [extractor, extractor === chosen ? 1 : 0])),
    });
  return (
    <fieldset className={classes.sliders}>
      <Text component="legend" size="sm" fw={500}>
        Similar by
      </Text>
      {each.map(({ key, space: { extractor } }, i) => {
        const label = extractorLabel(extractor);
        const alike = spaces.filter(({ space }) => space.extractor === extractor);
        return (
          <div key={extractor} className={classes.slider}>
            <Text component="span" size="sm">
              {label}
            </Text>
            <Slider
              thumbLabel={label}
              min={0}
              max={100}
              step={5}
              label={null}
              value={Math.round(100 * (weights[i] ?? 0))}
              onChange={(value) => setWeight(extractor, value / 100, each)}
            />
            <Text component="span" size="xs" c="dimmed" className={classes.number}>
              {Math.round(100 * (weights[i] ?? 0))}
            </Text>
            {each.length > 1 && (
              <Button size="compact-xs" variant="default" aria-label={`Only ${label}`} onClick={() => only(extractor)}>
                Only
              </Button>
            )}
            {alike.length > 1 && (
              <NativeSelect
                className={classes.sliderSpace}
                size="xs"
                aria-label={`Vectors of ${label}`}
                value={key}
                data={spaceLabels(alike)}
                onChange={(event) =>
                  set({ spaceOf: { ...preferences.spaceOf, [extractor]: event.currentTarget.value } })
                }
              />
            )}
          </div>
        );
      })}
    </fieldset>
  );
}
