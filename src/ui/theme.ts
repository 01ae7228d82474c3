import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** The one accent. White text has 6:1 on shade 8 and 4.8:1 on shade 7, which has 3.3:1 on the dark body. */
const reel: MantineColorsTuple = [
  '#eaf5f4',
  '#d5e9e7',
  '#a9d3cf',
  '#7cbdb7',
  '#57aaa3',
  '#3f9c94',
  '#2f8b83',
  '#2a7f78',
  '#1f6f6b',
  '#12524f',
];

export const theme = createTheme({
  colors: { reel },
  primaryColor: 'reel',
  primaryShade: { light: 8, dark: 7 },
  defaultRadius: 'sm',
  respectReducedMotion: true,
  cursorType: 'pointer',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: { fontWeight: '600' },
  components: {
    // Its <header> would count as the page's banner, being outside of <main>.
    Modal: { defaultProps: { attributes: { header: { role: 'presentation' } } } },
    Drawer: { defaultProps: { attributes: { header: { role: 'presentation' } } } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300, events: { hover: true, focus: true, touch: false } } },
  },
});

/** Colours that differ by theme. Not by `light-dark()`, which the build takes apart in a way that needs a fixed
 * `color-scheme`. Mantine's own secondary text has 3.3:1 on white and 4:1 on its dark grey; these have at least 5:1. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5c636a',
    '--reel-frame': '#e6e9ec',
    '--reel-veil': 'rgb(255 255 255 / 92%)',
    '--reel-failure': '#9f1c12',
    '--reel-warning': '#7a4a00',
  },
  dark: {
    '--mantine-color-dimmed': '#a6acb3',
    '--reel-frame': '#16181a',
    '--reel-veil': 'rgb(20 22 24 / 92%)',
    '--reel-failure': '#ff9d94',
    '--reel-warning': '#ffc266',
  },
});
