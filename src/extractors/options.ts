import type { ExtractorOptions } from '../core/feature';
import type { ExtractorCard, ExtractorOption } from './extractor';

type WithOptions = Pick<ExtractorCard, 'options'>;

/** The default of an option: the first of its values, or its standard number. */
export function defaultOf(option: ExtractorOption): string | number {
  return option.type === 'choice' ? (option.values[0]?.value ?? '') : option.standard;
}

/** What of `chosen` the card knows and allows, without defaults, in the card's order: what a space's name holds. */
export function knownOptions({ options = [] }: WithOptions, chosen: ExtractorOptions): ExtractorOptions {
  const known = options.flatMap((option): [string, string | number][] => {
    const value = chosen[option.id];
    return value !== undefined && value !== defaultOf(option) && allows(option, value) ? [[option.id, value]] : [];
  });
  return Object.fromEntries(known);
}

/** The options behind a space's preprocessing, without defaults. */
export function optionsOfSpace(card: WithOptions, preprocessing: string): ExtractorOptions {
  const chosen = (card.options ?? []).flatMap((option): [string, string | number][] => {
    const part = preprocessing.split('; ').find((part) => part.startsWith(`${option.id}=`));
    const text = part?.slice(option.id.length + 1);
    return text === undefined ? [] : [[option.id, option.type === 'number' ? Number(text) : text]];
  });
  return knownOptions(card, Object.fromEntries(chosen));
}

/** In words, options at their defaults left out: `20 colours, OKLab`. */
export function optionWords(card: WithOptions, chosen: ExtractorOptions): string {
  const known = knownOptions(card, chosen);
  return (card.options ?? [])
    .flatMap((option) => {
      const value = known[option.id];
      if (value === undefined) return [];
      if (option.type === 'number') return [`${value} ${option.unit}`];
      return [option.values.find((one) => one.value === value)?.label ?? String(value)];
    })
    .join(', ');
}

function allows(option: ExtractorOption, value: string | number): boolean {
  if (option.type === 'choice') return option.values.some((one) => one.value === value);
  return Number.isInteger(value) && Number(value) >= option.least && Number(value) <= option.most;
}
