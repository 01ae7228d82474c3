import type { InnerProducts } from './row-kernel';
import { isTaken, takePart } from './scan';
import type { Asked } from './scan-threads';

addEventListener('message', ({ data: { scan, thread } }: MessageEvent<Asked>) => {
  if (isTaken(scan)) return;
  const { exports } = new WebAssembly.Instance(scan.module, { env: { memory: scan.memory } });
  takePart(scan, exports.innerProducts as InnerProducts, thread);
});
