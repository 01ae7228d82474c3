import type { Vocabulary } from '../classes';
import names from './class-names.json';

/** What a person calls a class: `golden retriever`, `violin, fiddle`. */
export function className(vocabulary: Vocabulary, number: number): string {
  return names[vocabulary][number] ?? `class ${number}`;
}

/** The same in as few words as say it: `violin`. */
export function shortClassName(vocabulary: Vocabulary, number: number): string {
  return (className(vocabulary, number).split(',')[0] as string).trim();
}
