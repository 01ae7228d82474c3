import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A Python that has these modules; undefined where there is none. */
export function pythonWith(...modules: readonly string[]): string | undefined {
  const program = modules.map((name) => `import ${name}`).join('\n');
  return ['python3', '/usr/bin/python3'].find((python) => spawnSync(python, ['-c', program]).status === 0);
}

/** A running peer that answers one JSON line to each. */
export type PythonPeer = {
  ask<Answer>(request: object): Promise<Answer>;
  close(): void;
};

/** Starts a script of this folder, all its libraries held to one thread. */
export function startPython(python: string, script: string, ...args: readonly string[]): PythonPeer {
  const one = { OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
  const child = spawn(python, [join(import.meta.dirname, script), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...one },
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async ask<Answer>(request: object) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${script} ended without an answer`);
      return JSON.parse(value) as Answer;
    },
    close: () => child.stdin.end(),
  };
}
