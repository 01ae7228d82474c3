import type { FfmpegHost } from './ffmpeg-core';

/** Hosts enough for what the cores can do beside the networks, four at most: further ones only take memory. */
export function ffmpegHosts(cores: number): number {
  return Math.max(1, Math.min(4, cores - 2));
}

/** Several hosts that serve as one: each session goes to the host with the fewest before it. A host that never gets a
 * session costs nothing. */
export function createFfmpegPool(hosts: readonly FfmpegHost[]): FfmpegHost {
  const sessions = hosts.map(() => 0);
  return {
    close() {
      for (const host of hosts) host.close();
    },
    async use(file, signal, work) {
      const index = sessions.indexOf(Math.min(...sessions));
      sessions[index] = (sessions[index] ?? 0) + 1;
      try {
        return await (hosts[index] as FfmpegHost).use(file, signal, work);
      } finally {
        sessions[index] = (sessions[index] ?? 0) - 1;
      }
    },
  };
}
