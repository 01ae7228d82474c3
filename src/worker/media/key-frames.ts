import { EncodedPacketSink, type InputVideoTrack } from 'mediabunny';

/** Below this duration, seconds, exact frames are decoded whatever they cost. */
const snapFrom = 30;

/** Where a track's key frames are, of which only times count. */
export type KeyFrameIndex = Pick<EncodedPacketSink, 'getKeyPacket' | 'getNextKeyPacket' | 'getFirstKeyPacket'>;

/** Moves every instant to the key frame next to it: a key frame decodes alone, an exact frame needs all since the last one.
 * Undefined, meaning decode exactly, unless each instant has a key frame of its own within duration / (4 x instants).
 * All in seconds. */
export async function snapToKeyFrames(
  track: InputVideoTrack,
  duration: number,
  times: Float64Array,
  sink: KeyFrameIndex = new EncodedPacketSink(track),
): Promise<Float64Array | undefined> {
  if (duration < snapFrom) return undefined;
  const options = { metadataOnly: true };
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
  return taken;
}
