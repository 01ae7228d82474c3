import { Text, Tooltip } from '@mantine/core';
import { Eye, Volume2 } from 'lucide-react';
import { type Recognised, sureProbability } from '../core/classes';
import { className, shortClassName } from '../core/vocabularies/class-name';
import { clock } from './moment';
import classes from './recognised-tags.module.css';

/** The few things that a network recognised in a video, with their probability; nothing where it is sure of none. */
export function RecognisedTags({ recognised, most }: { recognised: readonly Recognised[]; most: number }) {
  const shown = [...recognised]
    .filter(({ probability }) => probability >= sureProbability)
    .sort((a, b) => b.probability - a.probability)
    .slice(0, most);
  if (shown.length === 0) return null;
  return (
    <ul className={classes.tags} aria-label="Recognised">
      {shown.map(({ vocabulary, class: number, probability, best, time }) => {
        const [Icon, sense] = vocabulary === 'audioset' ? [Volume2, 'heard'] : [Eye, 'seen'];
        const label = `${className(vocabulary, number)}: ${sense} with probability ${probability.toFixed(2)} on average, ${best.toFixed(2)} at ${clock(time)}`;
        return (
          <Tooltip
            key={`${vocabulary} ${number}`}
            label={label}
            multiline
            w={240}
            withinPortal={false}
            events={{ hover: true, focus: true, touch: true }}
          >
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its tooltip says what the number is */}
            <li tabIndex={0}>
              <Icon size={12} aria-label={sense} />
              <Text component="span" size="xs">
                {shortClassName(vocabulary, number)} {probability.toFixed(2)}
              </Text>
            </li>
          </Tooltip>
        );
      })}
    </ul>
  );
}
