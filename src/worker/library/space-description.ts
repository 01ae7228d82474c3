import { z } from 'zod';
import { AppError } from '../../core/errors';
import type { Space } from '../../core/feature';
import type { Sampling } from '../../core/sampling';
import type { SpaceRow } from '../storage/schema';

// The page forbids eval, which zod would otherwise probe for.
z.config({ jitless: true });

const side = z.int().positive().max(65_536);

const framed = { width: side, height: side, fit: z.enum(['squeeze', 'centre-crop', 'cover', 'inside']) };

const samplingSchema = z.union([
  z.object({
    instants: z.discriminatedUnion('mode', [
      z.object({ mode: z.literal('uniform'), frames: z.int().positive() }),
      z.object({
        mode: z.literal('interval'),
        seconds: z.number().positive(),
        atMost: z.int().positive().exactOptional(),
        atMostOfFilms: z.int().positive().exactOptional(),
      }),
      z.object({ mode: z.literal('every') }),
    ]),
    ...framed,
  }),
  z.object({
    instants: z.object({
      mode: z.literal('clips'),
      clips: z.int().positive(),
      frames: z.int().positive(),
      spacing: z.number().positive(),
    }),
    ...framed,
  }),
  z.object({ sampleRate: z.number().positive(), limit: z.number().positive() }),
]);

const descriptionSchema = z.object({
  extractor: z.string().min(1).max(100),
  version: z.int().nonnegative(),
  modelHash: z.string().max(128).nullable(),
  preprocessing: z.string().max(1000),
  sampling: samplingSchema.optional(),
  frameDimensions: z.int().positive().optional(),
});

/** What the array `space` of an export says of its vectors. */
export type SpaceDescription = {
  readonly space: Space;
  readonly sampling: Sampling | undefined;
  readonly frameDimensions: number | undefined;
};

export function describeSpace({ space, sampling, frameDimensions }: SpaceRow): string {
  return JSON.stringify({ ...space, sampling, frameDimensions } satisfies z.input<typeof descriptionSchema>);
}

/** Errors: `import-invalid`. */
export function parseSpaceDescription(text: string): SpaceDescription {
  const parsed = descriptionSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') || 'it';
    throw new AppError('import-invalid', `The array space does not describe vectors: ${where}: ${issue?.message}`, {
      array: 'space',
    });
  }
  const { sampling, frameDimensions, ...space } = parsed.data;
  return { space, sampling, frameDimensions };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
