import { cpus, loadavg } from 'node:os';

export function machineLoad(): string {
  const [one = 0, five = 0] = loadavg();
  return `${one.toFixed(1)} over 1 minute, ${five.toFixed(1)} over 5, on ${cpus().length} cores`;
}
