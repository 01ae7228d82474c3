// Writes the names of the classes that networks recognise, and the words that lead to them, from the noun files of
// WordNet 3.0 (Debian's package wordnet-base): npm run lexicon [-- /usr/share/wordnet]
// ImageNet's classes are synsets of WordNet 3.0. AudioSet's are names; those whose first sense is an animal, a thing or
// the like get its synonyms and what it is a kind of.
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const wordnet = process.argv[2] ?? '/usr/share/wordnet';

/** Say nothing about what a video shows: kinds of nearly everything. */
const tooGeneral = new Set([
  'entity',
  'physical entity',
  'abstraction',
  'object',
  'whole',
  'matter',
  'causal agent',
  'agent',
  'thing',
  'psychological feature',
  'attribute',
  'relation',
  'group',
  'part',
  'unit',
  'living thing',
  'organism',
  'artifact',
  'instrumentality',
  'process',
  'physical process',
  'event',
  'act',
  'happening',
  'substance',
  'part',
  'state',
  'measure',
]);
/** Of several senses of a name of a sound, those of such a kind come before its first: jazz is no talk. */
const surelyMeant = new Set(['music genre', 'acoustic device']);
/** Parts of names that are no noun of the sort: a burst is no father. */
const misleading = new Set(['pop']);
/** Lexicographer files whose senses sound: acts, animals, artifacts, communication, events, food, phenomena, people. */
const audible = new Set([4, 5, 6, 10, 11, 13, 19, 18]);

const read = (file) => readFile(join(wordnet, file), 'utf8');
const lines = (text) => text.split('\n').filter((line) => line !== '' && !line.startsWith(' '));

const synsets = new Map();
for (const line of lines(await read('data.noun'))) {
  const fields = (line.split(' | ')[0] ?? '').split(' ');
  const words = Number.parseInt(fields[3], 16);
  const pointers = fields.slice(5 + words * 2);
  const parents = [];
  for (let i = 0; i < Number(fields[4 + words * 2]); i++) {
    if (pointers[i * 4] === '@' || pointers[i * 4] === '@i') parents.push(pointers[i * 4 + 1]);
  }
  const lemmas = Array.from({ length: words }, (_, i) => fields[4 + i * 2].replaceAll('_', ' '));
  synsets.set(fields[0], { lemmas, parents, file: Number(fields[1]) });
}
const senses = new Map();
for (const line of lines(await read('index.noun'))) {
  const [lemma, , count, pointerKinds, ...rest] = line.trim().split(/\s+/);
  senses.set(lemma.replaceAll('_', ' '), rest.slice(Number(pointerKinds) + 2).slice(0, Number(count)));
}

const vocabularies = join(root, 'scripts', 'vocabularies');
const ids = lines(await readFile(join(vocabularies, 'imagenet-synsets.txt'), 'utf8')).map((id) => id.slice(1));
const sounds = lines(await readFile(join(vocabularies, 'audioset-classes.txt'), 'utf8'));

/** Synsets that are kept, in the order of their first use. */
const kept = new Map();
function keep(offset) {
  const known = kept.get(offset);
  if (known) return known.place;
  const synset = synsets.get(offset);
  if (!synset) throw new Error(`WordNet 3.0 has no noun ${offset}`);
  if (synset.lemmas.some((lemma) => tooGeneral.has(lemma))) return undefined;
  const entry = { place: kept.size, lemmas: synset.lemmas, parents: [] };
  kept.set(offset, entry);
  entry.parents = synset.parents.map(keep).filter((place) => place !== undefined);
  return entry.place;
}

function isKindOf(offset, kinds) {
  const { lemmas, parents } = synsets.get(offset);
  return lemmas.some((lemma) => kinds.has(lemma)) || parents.some((parent) => isKindOf(parent, kinds));
}

/** Names that two classes share are told apart by what the class is a kind of. */
function distinct(names, kinds) {
  return names.map((name, i) => (names.filter((other) => other === name).length > 1 ? `${name} (${kinds[i]})` : name));
}

const imagenet = ids.map((id) => [keep(id)]);
const imagenetNames = distinct(
  ids.map((id) => synsets.get(id).lemmas[0]),
  ids.map((id) => synsets.get(synsets.get(id).parents[0]).lemmas[0]),
);
const audioset = sounds.map((name) => {
  const parts = name
    .replace(/ \(.*\)/, '')
    .toLowerCase()
    .split(/, (?:and )?/);
  const found = parts.flatMap((part) => {
    if (misleading.has(part)) return [];
    const known = senses.get(part) ?? senses.get(part.replace(/s$/, '')) ?? [];
    const first = known.find((sense) => isKindOf(sense, surelyMeant)) ?? known[0];
    return first && audible.has(synsets.get(first).file) ? (keep(first) ?? []) : [];
  });
  return [...new Set(found)];
});
const proper = /^(?:Middle Eastern|Christian|Carnatic|Christmas|French|Hammond)\b/;
const audiosetNames = sounds.map((name) => (proper.test(name) ? name : name[0].toLowerCase() + name.slice(1)));

const words = [...kept.values()].map(({ lemmas, parents }) => [lemmas.join('|'), ...parents]);
const text = (entries) => `[\n${entries.map((entry) => JSON.stringify(entry)).join(',\n')}\n]`;
const object = (entries) =>
  `{\n${Object.entries(entries)
    .map(([key, value]) => `"${key}": ${value}`)
    .join(',\n')}\n}\n`;
await writeFile(
  join(root, 'src/core/vocabularies/class-names.json'),
  object({ imagenet: text(imagenetNames), audioset: text(audiosetNames) }),
);
await writeFile(
  join(root, 'src/core/vocabularies/lexicon.json'),
  object({ synsets: text(words), imagenet: JSON.stringify(imagenet.flat()), audioset: JSON.stringify(audioset) }),
);
