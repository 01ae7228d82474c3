import { Alert, Text } from '@mantine/core';
import type { Lane } from '../../state/live/live-store';
import { ErrorWords } from '../../ui/error-words';
import { percent } from '../descriptor-words';
import own from './live.module.css';

/** What is told now of the pictures, or of the sound. */
export function LiveLane({ name, lane }: { readonly name: 'Seen' | 'Heard'; readonly lane: Lane }) {
  const { by, labels, rate, delay, error } = lane;
  const unit = name === 'Seen' ? 'frames' : 'windows';
  return (
    <section aria-label={name} className={own.lane}>
      <Text fw={600} size="sm">
        {name}{' '}
        <Text component="span" size="sm" c="dimmed">
          by {by}
        </Text>
      </Text>
      {error ? (
        <Alert variant="default" role="alert" title={name === 'Seen' ? 'No picture is told' : 'No sound is told'}>
          <ErrorWords error={error} />
        </Alert>
      ) : (
        <>
          <ol aria-label={`${name} now`} className={own.labels}>
            {labels.map(({ label, probability }) => (
              <li key={label}>
                <span className={own.label}>{label}</span>
                <span className={own.bar} aria-hidden>
                  <span style={{ width: `${100 * probability}%` }} />
                </span>
                <span className={own.number}>{percent(probability)}</span>
              </li>
            ))}
          </ol>
          <Text size="sm" c="dimmed" className={own.measured}>
            {rate > 0
              ? `${rate.toFixed(1)} ${unit} a second, ${Math.round(delay)} ms behind`
              : labels.length > 0
                ? 'Measuring…'
                : 'Loading the network…'}
          </Text>
        </>
      )}
    </section>
  );
}
