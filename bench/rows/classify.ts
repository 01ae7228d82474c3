import { cpus } from 'node:os';
import { pythonWith, startPython } from '../peers/python';
import type { Row } from '../row';

const shape = { batch: 64, inputs: 1152, hidden: 1024, classes: 4800 };
const steps = 5;

export const classifyRow: Row = {
  name: 'classify',
  work: `${steps} Adam steps of batch ${shape.batch} on ${shape.inputs}-${shape.hidden}-${shape.classes}, sigmoid cross-entropy, ${cpus().length} threads`,
  peerName: 'numpy with BLAS, the same steps and threads',
  goal: { atMost: 3 },
  rounds: 7,
  async prepare(browser) {
    const python = pythonWith('numpy');
    if (!python) return 'no Python with numpy is installed (Debian: python3-numpy)';
    const { batch, inputs, hidden, classes } = shape;
    const peer = startPython(
      python,
      'classify.py',
      `${batch}`,
      `${inputs}`,
      `${hidden}`,
      `${classes}`,
      `${cpus().length}`,
    );
    let device = '';
    let loss = Number.NaN;
    return {
      ours: async () => {
        const told = await browser.call('trainSteps', { ...shape, steps });
        device = told.device;
        loss = told.loss;
        return told.seconds;
      },
      peer: async () => (await peer.ask<{ seconds: number }>({ steps })).seconds,
      notes: () => [`device: ${device}; loss after the last step ${loss.toFixed(2)}`],
      close: peer.close,
    };
  },
};
