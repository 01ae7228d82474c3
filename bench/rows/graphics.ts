import type { BenchBrowser } from '../browser';
import type { Form } from '../graphics.worker';
import { resnetFile } from '../peers/native-network';
import type { Row } from '../row';

/** 32-bit operations of a picture of 224 x 224: 4.1 thousand million products, each with a sum (He et al. 2016). */
const operations = 8.2e9;
const leastSimilarity = 0.999;
const work = "one picture of a batch of 16 on the graphics card, from normalised values to ResNet-50's vector";

/** Without a window Chromium on Linux takes no graphics card by itself. */
const flags =
  process.platform === 'linux'
    ? [
        '--enable-unsafe-webgpu',
        '--ignore-gpu-blocklist',
        '--enable-features=Vulkan',
        '--use-angle=vulkan',
        '--disable-vulkan-surface',
      ]
    : [];

type Card = { readonly adapter: string; readonly run: (form: Form) => Promise<number>; readonly notes: () => string[] };

/** The network in the form, and as its file has it; the reason where there is no such card. */
async function openCard(browser: BenchBrowser, form: Form): Promise<Card | string> {
  const model = resnetFile();
  if (!model) return 'public/models/resnet50.onnx is missing (npm start fetches it)';
  await browser.setFiles([model]);
  const opened = await browser.call('openGraphics', { file: 0 });
  if (typeof opened === 'string') return opened.replace(/\.$/, '');
  const { adapter, forms } = opened;
  if (!forms.includes(form)) return `${adapter} does not compute in 16-bit floats`;
  const alike = new Map<Form, number>();
  return {
    adapter,
    async run(form) {
      const { seconds, similarity } = await browser.call('runGraphics', { form });
      if (!(similarity >= leastSimilarity)) throw new Error(`The vectors differ: cosine ${similarity}`);
      alike.set(form, similarity);
      return seconds;
    },
    notes: () => [adapter, `cosine to 32-bit floats: ${alike.get(form)?.toFixed(6)}`],
  };
}

export const graphicsRows: readonly Row[] = [
  {
    name: 'graphics',
    work: `${work}, in 32-bit floats`,
    peerName: 'as many operations at the most that the card reaches, by products and sums on registers',
    // 15 % of the peak.
    goal: { atMost: 1 / 0.15 },
    rounds: 10,
    flags,
    async prepare(browser) {
      const card = await openCard(browser, 'floats');
      if (typeof card === 'string') return card;
      let peak = Number.NaN;
      return {
        ours: () => card.run('floats'),
        peer: async () => {
          peak = await browser.call('graphicsPeak');
          return operations / peak;
        },
        notes: () => [card.adapter, `peak: ${(peak / 1e12).toFixed(2)} TFLOP/s`],
      };
    },
  },
  {
    name: 'graphics-16-bit',
    work: `${work}, in 16-bit floats`,
    peerName: 'the same in 32-bit floats',
    goal: { timesFaster: 1.3 },
    rounds: 10,
    flags,
    async prepare(browser) {
      const card = await openCard(browser, 'half');
      if (typeof card === 'string') return card;
      return {
        warmUp: async () => {
          for (const form of ['floats', 'half', 'floats', 'half'] as const) await card.run(form);
        },
        ours: () => card.run('half'),
        peer: () => card.run('floats'),
        notes: card.notes,
      };
    },
  },
];
