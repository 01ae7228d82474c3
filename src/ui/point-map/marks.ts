/** Colours that people with any colour vision tell apart, each at 3:1 or more against its ground. */
const colours = {
  light: ['#0b62a4', '#b4460f', '#12715b', '#8a3b78', '#7d6608'],
  dark: ['#6cb8f0', '#f2a06b', '#5fcba9', '#d99bcb', '#e3c95b'],
} as const;
const quiet = { light: '#6b737b', dark: '#99a1a8' } as const;
const shapes = ['circle', 'square', 'triangle', 'diamond'] as const;

export type Scheme = keyof typeof colours;
export type Mark = { readonly colour: string; readonly shape: (typeof shapes)[number] | 'ring' };

/** Groups that have a mark of their own: a colour and a shape, so that neither is needed alone. */
export const markedGroups = colours.light.length * shapes.length;
/** Marks of all further groups together, and of what has no group. */
export const otherMark = colours.light.length * shapes.length;
export const noMark = otherMark + 1;
export const markCount = markedGroups + 2;

export function markOf(index: number, scheme: Scheme): Mark {
  const own = colours[scheme];
  if (index === otherMark) return { colour: quiet[scheme], shape: 'circle' };
  if (index === noMark) return { colour: quiet[scheme], shape: 'ring' };
  return {
    colour: own[index % own.length] as string,
    shape: shapes[Math.floor(index / own.length) % shapes.length] ?? 'circle',
  };
}

/** Path of a mark around the origin; `ring` is to be stroked, the others filled. */
export function markPath({ shape }: Mark, radius: number): string {
  const r = radius;
  if (shape === 'square') return `M${-0.9 * r},${-0.9 * r}h${1.8 * r}v${1.8 * r}h${-1.8 * r}z`;
  if (shape === 'triangle') return `M0,${-1.2 * r}L${1.15 * r},${0.85 * r}H${-1.15 * r}z`;
  if (shape === 'diamond') return `M0,${-1.3 * r}L${1.3 * r},0L0,${1.3 * r}L${-1.3 * r},0z`;
  return `M${-r},0a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0z`;
}
