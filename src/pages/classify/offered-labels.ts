/** Lists of so many labels are offered whole. */
const few = 50;

/** Labels that a video can be given in place of `label`: all, or while the list is closed, of very many those suggested, since
 * a list of thousands in every row takes seconds to draw. */
export function offeredLabels(
  all: readonly string[],
  { label, suggested, open }: { readonly label: string; readonly suggested: readonly string[]; readonly open: boolean },
): readonly string[] {
  return open || all.length <= few ? all : [...new Set([label, ...suggested])];
}
