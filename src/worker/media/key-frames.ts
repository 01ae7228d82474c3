import { EncodedPacketSink, type InputVideoTrack } from 'mediabunny';

/** Below this duration, seconds, exact frames are decoded whatever they cost. */
const snapFrom = 30;

/** Moves every instant to the key frame next to it: a key frame decodes alone, an exact frame needs all since the last one.
 * Undefined, meaning decode exactly, unless each instant of each list has a key frame of its own within
 * duration / (4 x instants of the list). */
export async function snapToKeyFrames(
  track: InputVideoTrack,
  duration: number,
  lists: readonly Float64Array[],
): Promise<readonly Float64Array[] | undefined> {
  if (duration < snapFrom) return undefined;
  const sink = new EncodedPacketSink(track);
  const options = { metadataOnly: true };
  const snapped: Float64Array[] = [];
  for (const times of lists) {
    const reach = duration / (4 * times.length);
    const taken = new Float64Array(times.length);
    for (const [i, time] of times.entries()) {
      const before = await sink.getKeyPacket(time, options);
      const after = before ? await sink.getNextKeyPacket(before, options) : await sink.getFirstKeyPacket(options);
      const near = [before, after].flatMap((packet) => (packet ? [packet.timestamp] : []));
      const nearest = near.sort((a, b) => Math.abs(a - time) - Math.abs(b - time))[0];
      if (nearest === undefined || Math.abs(nearest - time) > reach || (i > 0 && nearest <= (taken[i - 1] ?? 0)))
        return undefined;
      taken[i] = nearest;
    }
    snapped.push(taken);
  }
  return snapped;
}
