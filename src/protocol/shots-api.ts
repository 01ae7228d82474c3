import type { Part } from '../core/sampling';
import type { FoundShots } from './extract-api';
import type { CallOptions } from './progress';

/** A shot of another video that resembles one, or of the same. */
export type ShotMatch = {
  readonly video: string;
  /** Its place among the video's shots, from 0. */
  readonly shot: number;
  readonly part: Part;
  readonly similarity: number;
};

/** The part of the library's worker that keeps shots. */
export type ShotsApi = {
  putShots(args: { id: string; found: FoundShots }): Promise<void>;
  shots(args: { id: string }): Promise<FoundShots | undefined>;
  /** Videos whose shots are known in a space. */
  videosWithShots(args: { space: string }): Promise<readonly string[]>;
  /** The most similar shots of all videos whose shots are known in the same space, the best first; never the shot
   * itself. Errors: `features-missing`. */
  rankShots(args: { id: string; shot: number; limit: number }): Promise<readonly ShotMatch[]>;
  /** The shots that stand for the whole video, `most` at most, ascending. Errors: `features-missing`. */
  summariseShots(args: { id: string; most: number }, options?: CallOptions): Promise<readonly number[]>;
};
