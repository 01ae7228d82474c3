import { ActionIcon, Anchor, Group, RingProgress, Text, Tooltip, useMantineColorScheme } from '@mantine/core';
import { Command, Keyboard, Monitor, Moon, Sun } from 'lucide-react';
import { Link } from 'react-router';
import { expectedTotal } from '../state/jobs-store';
import { useSteadyValue, useStores, useStoreValue } from '../state/stores';
import { timeLeft } from '../ui/time-left';
import classes from './shell.module.css';

type Props = { readonly onShortcuts: () => void; readonly onCommands: () => void };

/** What runs where, how far indexing is, and what left this computer. */
export function TopLine({ onShortcuts, onCommands }: Props) {
  return (
    <header className={classes.top}>
      <Device />
      <Indexing />
      <Requests />
      <Group gap={4} ml="auto" wrap="nowrap">
        <Tooltip label="Commands (Ctrl K)">
          <ActionIcon variant="subtle" color="gray" aria-label="Commands" onClick={onCommands}>
            <Command size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Shortcuts (?)">
          <ActionIcon variant="subtle" color="gray" aria-label="Shortcuts" onClick={onShortcuts}>
            <Keyboard size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Theme />
      </Group>
    </header>
  );
}

function Device() {
  const { models } = useStores();
  const inference = useStoreValue(models, (state) => state.inference);
  if (!inference) return <span className={classes.device}>Starting…</span>;
  const { backend, threads, adapter, halfFloats, fallback } = inference;
  const onGpu = halfFloats ? 'WebGPU · fp16' : 'WebGPU';
  const name = backend === 'webgpu' ? onGpu : `WASM · ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  const why = [adapter, fallback].filter(Boolean).join('. ') || 'Networks run on this device';
  return (
    <Tooltip label={why} multiline maw={320}>
      <Anchor component={Link} to="/settings" size="sm" c="inherit" className={classes.device}>
        {name}
      </Anchor>
    </Tooltip>
  );
}

function Indexing() {
  const { jobs } = useStores();
  const state = useSteadyValue(jobs, (all) => all);
  const { phase, done, eta } = state;
  const total = expectedTotal(state);
  if (phase === 'idle' || total === 0) return null;
  const words =
    phase === 'indexing' ? (eta === undefined ? '' : ` · ${timeLeft(eta)}`) : phase === 'paused' ? ' · paused' : '';
  return (
    <Anchor component={Link} to="/library" c="inherit" size="sm" className={classes.indexing}>
      <RingProgress
        size={24}
        thickness={4}
        sections={[{ value: (100 * done) / total, color: 'reel' }]}
        rootColor="var(--mantine-color-default-border)"
        aria-hidden
      />
      <span>
        {done.toLocaleString('en')}/{total.toLocaleString('en')}
        {words}
      </span>
    </Anchor>
  );
}

function Requests() {
  const { engine } = useStores();
  const total = useStoreValue(engine.requests, (count) => count.total);
  const models = useStoreValue(engine.requests, (count) => count.models);
  return (
    <Tooltip
      label="Measured from the resource timing of this page and its workers. Videos never leave this computer."
      multiline
      maw={320}
    >
      <Text size="sm" c="dimmed" className={classes.requests} tabIndex={0}>
        Requests beyond this origin: {total} (models {models})
      </Text>
    </Tooltip>
  );
}

const themes = {
  auto: { next: 'light', label: 'automatic', icon: Monitor },
  light: { next: 'dark', label: 'light', icon: Sun },
  dark: { next: 'auto', label: 'dark', icon: Moon },
} as const;

function Theme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { next, label, icon: Icon } = themes[colorScheme];
  return (
    <Tooltip label={`Theme: ${label}`}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Theme: ${label}. Change to ${themes[next].label}`}
        onClick={() => setColorScheme(next)}
      >
        <Icon size={16} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
