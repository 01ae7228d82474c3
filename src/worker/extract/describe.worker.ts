import type { ClipBatch, FrameBatch } from '../../core/media';
import { extractors } from '../../extractors/registry';
import { serve } from '../../protocol/comlink';
import type { DescribeApi } from './aside';

serve<DescribeApi>({
  async describe({ extractor: id, batch, options }) {
    const card = extractors.find((card) => card.id === id);
    const context = { inference: undefined, signal: undefined, options };
    if (card?.kind === 'frame') return (await card.load()).extractor.extract(batch as FrameBatch, context);
    if (card?.kind === 'clip') return (await card.load()).extractor.extract(batch as ClipBatch, context);
    throw new Error(`There is no extractor ${id} of pictures`);
  },
});
