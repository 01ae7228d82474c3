import { Alert, Anchor, Group, Radio, Stack, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import type { Instants } from '../../core/sampling';
import { extractors } from '../../extractors/registry';
import { framingOf, type Preferences } from '../../state/preferences';
import { useStores, useStoreValue } from '../../state/stores';
import { NumberField } from './number-field';
import classes from './settings.module.css';

/** How much work one video is, in words: the network runs once a frame. */
export function costText(instants: Instants): string {
  switch (instants.mode) {
    case 'uniform':
      return `Cost: ${instants.frames} frames a video, however long it is.`;
    case 'interval': {
      const perMinute = Math.round(60 / instants.seconds);
      return `Cost: ${perMinute} ${perMinute === 1 ? 'frame' : 'frames'} a minute of footage; long videos take long.`;
    }
    case 'every':
      return 'Cost: about 1,500 frames a minute of footage, roughly 15 times that of 8 frames for a 5-second clip. Ranks hardly better.';
  }
}

const defaults: Record<Instants['mode'], Instants> = {
  uniform: { mode: 'uniform', frames: 8 },
  interval: { mode: 'interval', seconds: 1 },
  every: { mode: 'every' },
};

/** Which frames the networks see, and how these are framed. */
export function SamplingSection() {
  const { preferences, library } = useStores();
  const instants = useStoreValue(preferences, (all) => all.instants);
  const fit = useStoreValue(preferences, (all) => all.fit);
  const spaces = useStoreValue(library, (all) => all.spaces);
  const set = (changes: Partial<Pick<Preferences, 'instants' | 'fit'>>) => preferences.getState().set(changes);

  const networks = spaces.flatMap((each) => {
    const card = extractors.find(({ id }) => id === each.space.extractor);
    return card?.kind === 'frame' && card.model && !each.imported ? [{ ...each, framing: framingOf(card, fit) }] : [];
  });
  const most = (found: typeof networks) => Math.max(0, ...found.map(({ videos }) => videos));
  const isAlike = ({ space, framing }: (typeof networks)[number]) => space.preprocessing.startsWith(framing);
  const stale = most(networks.filter((one) => !isAlike(one))) > most(networks.filter(isAlike));

  return (
    <section className={classes.section} aria-labelledby="sampling-title">
      <Title order={2} size="h4" id="sampling-title">
        Sampling
      </Title>
      <Radio.Group
        label="Frames looked at"
        value={instants.mode}
        onChange={(mode) => set({ instants: defaults[mode as Instants['mode']] })}
      >
        <Stack gap={8} mt={8}>
          <Group gap={16}>
            <Radio value="uniform" label="Spread evenly" />
            {instants.mode === 'uniform' && (
              <NumberField
                label="Frames a video"
                value={instants.frames}
                min={1}
                max={256}
                step={1}
                onValue={(frames) => set({ instants: { mode: 'uniform', frames: Math.round(frames) } })}
              />
            )}
          </Group>
          <Group gap={16}>
            <Radio value="interval" label="At a fixed distance" />
            {instants.mode === 'interval' && (
              <NumberField
                label="Seconds between frames"
                value={instants.seconds}
                min={0.1}
                max={600}
                step={0.1}
                onValue={(seconds) => set({ instants: { mode: 'interval', seconds } })}
              />
            )}
          </Group>
          <Radio value="every" label="Every frame" />
        </Stack>
      </Radio.Group>
      <Text size="sm" c="dimmed">
        {costText(instants)} Videos sampled in different ways stay comparable.
      </Text>

      <Radio.Group label="Framing" value={fit} onChange={(value) => set({ fit: value as Preferences['fit'] })}>
        <Stack gap={8} mt={8}>
          <Radio value="own" label="What each network ranks best by, where that was measured" />
          <Radio value="cover" label="Centre square: shape kept, as much as fits" />
          <Radio value="centre-crop" label="Centre crop: shape kept, edges cut off" />
          <Radio value="squeeze" label="Whole frame, squeezed to a square" />
        </Stack>
      </Radio.Group>
      <Text size="sm" c="dimmed">
        Changing the framing makes a new space: vectors of different spaces are never compared.
      </Text>
      {stale && (
        <Alert variant="default" title="Part of the library was framed otherwise">
          <Text size="sm">
            These videos keep their vectors, and are found by the new framing once they are indexed again.{' '}
            <Anchor component={Link} to="/library" size="sm" c="inherit" underline="always">
              Index them again in the library
            </Anchor>
          </Text>
        </Alert>
      )}
    </section>
  );
}
