import { Anchor, Text, Title } from '@mantine/core';
import { version } from '../../../package.json';
import classes from './settings.module.css';

const licences = [
  { name: 'Reelmatch', licence: 'MIT' },
  { name: '@ffmpeg/core', licence: 'GPL-2.0-or-later' },
  { name: 'mediabunny', licence: 'MPL-2.0' },
  { name: 'onnxruntime-web', licence: 'MIT' },
  { name: '@huggingface/tokenizers', licence: 'Apache-2.0' },
  {
    name: 'WordNet 3.0 (words for classes)',
    licence: '© 2006 Princeton University, WordNet licence',
    text: './licences/wordnet-3.0.txt',
  },
  {
    name: 'AudioSet (names of sounds)',
    licence: 'Google, CC BY 4.0',
    text: 'https://creativecommons.org/licenses/by/4.0/',
  },
] as const;

export function AboutSection() {
  return (
    <section className={classes.section} aria-labelledby="about-title">
      <Title order={2} size="h4" id="about-title">
        About
      </Title>
      <Text size="sm">Reelmatch {version}</Text>
      <dl className={classes.facts}>
        {licences.map(({ name, licence, ...more }) => (
          <div key={name} className={classes.pair}>
            <dt>{name}</dt>
            <dd>
              {'text' in more ? (
                <Anchor href={more.text} target="_blank" rel="noreferrer" size="sm" underline="always">
                  {licence}
                </Anchor>
              ) : (
                licence
              )}
            </dd>
          </div>
        ))}
      </dl>
      <Text size="xs" c="dimmed">
        Models have licences of their own, shown above. The README lists all that is shipped.
      </Text>
    </section>
  );
}
