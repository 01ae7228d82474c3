import { seededRandom } from '../../../core/random';

type Random = () => number;
type Canvas = { readonly values: Float32Array; readonly width: number; readonly height: number };

/** Pictures that no one took, by which the ranges inside a network are measured: noise whose amplitude falls with
 * frequency as that of natural scenes does (Field 1987), with plain and striped shapes upon it. The same seed gives the
 * same pictures, so that a copy of a network is the same wherever it is made. RGB bytes, height x width x 3. */
export function calibrationPicture(width: number, height: number, seed: number): Uint8Array {
  const random = seededRandom(seed);
  const canvas: Canvas = { values: new Float32Array(width * height * 3), width, height };
  addNoise(canvas, random);
  const contrast = 30 + random() * 60;
  const brightness = 60 + random() * 130;
  for (let i = 0; i < canvas.values.length; i++) {
    canvas.values[i] = brightness + contrast * (canvas.values[i] as number);
  }
  for (let left = Math.floor(random() * 12); left > 0; left--) addShape(canvas, random);
  return Uint8Array.from(canvas.values, (value) => Math.max(0, Math.min(255, value)));
}

/** Octaves of smoothed noise; its colours are mostly alike, as those of scenes are. */
function addNoise({ values, width, height }: Canvas, random: Random): void {
  const largest = Math.max(2, Math.floor(Math.max(width, height) / 2));
  const grey = random() < 0.7 ? 0.8 : 0.2;
  const steepness = random();
  for (let cell = largest; cell >= 2; cell /= 2) {
    const columns = Math.ceil(width / cell) + 2;
    const rows = Math.ceil(height / cell) + 2;
    const grid = Float32Array.from({ length: columns * rows * 3 }, () => random() * 2 - 1);
    const share = cell / largest;
    // Between the square root and, on the way to it, the frequency itself.
    const amplitude = Math.sqrt(share) * (1 - steepness + steepness * share);
    for (let y = 0; y < height; y++) {
      const row = Math.floor(y / cell);
      const down = y / cell - row;
      for (let x = 0; x < width; x++) {
        const column = Math.floor(x / cell);
        const right = x / cell - column;
        const corner = (row * columns + column) * 3;
        const at = (offset: number, colour: number) =>
          (grid[corner + offset] as number) * grey + (grid[corner + offset + colour] as number) * (1 - grey);
        for (let colour = 0; colour < 3; colour++) {
          const upper = at(0, colour) * (1 - right) + at(3, colour) * right;
          const lower = at(columns * 3, colour) * (1 - right) + at(columns * 3 + 3, colour) * right;
          const index = (y * width + x) * 3 + colour;
          values[index] = (values[index] as number) + amplitude * (upper * (1 - down) + lower * down);
        }
      }
    }
  }
}

/** A turned box or ellipse of one colour, some with stripes. */
function addShape({ values, width, height }: Canvas, random: Random): void {
  const [centreX, centreY] = [random() * width, random() * height];
  const side = Math.max(width, height) / 3;
  const [radiusX, radiusY] = [4 + random() * side, 4 + random() * side];
  const [alongX, alongY] = [random() * 2 - 1, random() * 2 - 1];
  const length = Math.sqrt(alongX * alongX + alongY * alongY) || 1;
  const isBox = random() < 0.5;
  const colours = [random() * 255, random() * 255, random() * 255];
  const stripe = random() < 0.3 ? 3 + random() * 20 : Number.POSITIVE_INFINITY;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const along = ((x - centreX) * alongX + (y - centreY) * alongY) / length;
      const across = ((y - centreY) * alongX - (x - centreX) * alongY) / length;
      const [a, b] = [along / radiusX, across / radiusY];
      if (isBox ? Math.abs(a) >= 1 || Math.abs(b) >= 1 : a * a + b * b >= 1) continue;
      const isInverse = (Math.floor(along / stripe) & 1) === 1;
      for (let colour = 0; colour < 3; colour++) {
        const value = colours[colour] as number;
        values[(y * width + x) * 3 + colour] = isInverse ? 255 - value : value;
      }
    }
  }
}
