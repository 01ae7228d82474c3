import { Text, Title } from '@mantine/core';
import { version } from '../../../package.json';
import classes from './settings.module.css';

const licences = [
  { name: 'Reelmatch', licence: 'MIT' },
  { name: '@ffmpeg/core', licence: 'GPL-2.0-or-later' },
  { name: 'mediabunny', licence: 'MPL-2.0' },
  { name: 'onnxruntime-web', licence: 'MIT' },
] as const;

export function AboutSection() {
  return (
    <section className={classes.section} aria-labelledby="about-title">
      <Title order={2} size="h4" id="about-title">
        About
      </Title>
      <Text size="sm">Reelmatch {version}</Text>
      <dl className={classes.facts}>
        {licences.map(({ name, licence }) => (
          <div key={name} className={classes.pair}>
            <dt>{name}</dt>
            <dd>{licence}</dd>
          </div>
        ))}
      </dl>
      <Text size="xs" c="dimmed">
        Models have licences of their own, shown above. The README lists all that is shipped.
      </Text>
    </section>
  );
}
