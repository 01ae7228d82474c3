import { readdirSync, readFileSync } from 'node:fs';

/** Resident megabytes of the largest renderer, workers included, whose command line holds `text`; 0 where there is none, or
 * no `/proc` to read. */
export function rendererMegabytes(text = ''): number {
  const sizes = processes().flatMap((id) => {
    try {
      const command = readFileSync(`/proc/${id}/cmdline`, 'utf8');
      if (!command.includes('--type=renderer') || !command.includes(text)) return [];
      return [Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]) / 1000];
    } catch {
      // No process, or one that has just ended.
      return [];
    }
  });
  return Math.max(0, ...sizes);
}

function processes(): string[] {
  try {
    return readdirSync('/proc');
  } catch {
    return [];
  }
}
