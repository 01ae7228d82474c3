import { type Mark, markCount, markOf, markPath, type Scheme } from './marks';

export type View = { readonly x: number; readonly y: number; readonly k: number };

export type Picture = { readonly image: CanvasImageSource; readonly width: number; readonly height: number };

export type Scene = {
  /** Of every point at scale 1, CSS pixels, row-major [points x 2]. */
  readonly places: Float32Array;
  /** The mark of every point. */
  readonly marks: Uint8Array;
  /** 1 for a point that is not shown. */
  readonly hidden: Uint8Array;
  readonly selected: ReadonlySet<number>;
  readonly focused: number | undefined;
  /** A point's picture, where it is at hand; asking for it has it fetched. */
  readonly picture: (point: number) => Picture | undefined;
  /** Corners of the lasso under way. */
  readonly lasso: readonly (readonly [number, number])[];
  readonly scheme: Scheme;
};

export type Surface = { readonly width: number; readonly height: number; readonly ratio: number; readonly view: View };

const inks = {
  light: { ground: '#ffffff', ink: '#14181b', accent: '#1f6f6b' },
  dark: { ground: '#242424', ink: '#f1f3f5', accent: '#5fd0c5' },
} as const;
/** Above so many points in view none shows its picture. */
const picturedBelow = 300;
const pictureSize = { width: 84, height: 47 };
/** A picture hides no heap of more points than this. */
const mostHidden = 8;

type Sprite = { readonly image: HTMLCanvasElement; readonly half: number };

/** Draws points at any scale. Marks are drawn once and then copied: ten thousand copies take a few milliseconds. */
export function createPainter(): (context: CanvasRenderingContext2D, scene: Scene, surface: Surface) => void {
  const sprites = new Map<string, readonly Sprite[]>();
  const spritesFor = (scheme: Scheme, radius: number, ratio: number) => {
    const key = `${scheme} ${radius} ${ratio}`;
    const known = sprites.get(key);
    if (known) return known;
    if (sprites.size > 40) sprites.clear();
    const made = Array.from({ length: markCount }, (_, mark) => spriteOf(markOf(mark, scheme), radius, ratio));
    sprites.set(key, made);
    return made;
  };

  return (context, scene, surface) => {
    const { width, height, ratio, view } = surface;
    const { places, marks, hidden, selected, scheme } = scene;
    const { ground, ink, accent } = inks[scheme];
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalAlpha = 1;
    context.fillStyle = ground;
    context.fillRect(0, 0, width * ratio, height * ratio);

    const inView = visiblePoints(scene, surface);
    const radius = dotRadius(marks.length, view.k);
    const dots = spritesFor(scheme, radius, ratio);
    context.globalAlpha = selected.size > 0 ? 0.45 : 0.9;
    for (const point of inView) {
      const sprite = dots[marks[point] as number] as Sprite;
      context.drawImage(
        sprite.image,
        (view.x + view.k * (places[2 * point] as number)) * ratio - sprite.half,
        (view.y + view.k * (places[2 * point + 1] as number)) * ratio - sprite.half,
      );
    }
    context.globalAlpha = 1;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const placeOf = (point: number): readonly [number, number] => [
      view.x + view.k * (places[2 * point] as number),
      view.y + view.k * (places[2 * point + 1] as number),
    ];
    if (inView.length <= picturedBelow) drawPictures(context, scene, surface, inView, placeOf);

    for (const point of selected) {
      if (hidden[point]) continue;
      const [x, y] = placeOf(point);
      const sprite = dots[marks[point] as number] as Sprite;
      const size = (2 * sprite.half) / ratio;
      context.drawImage(sprite.image, x - size / 2, y - size / 2, size, size);
      ring(context, [x, y], radius + 3, accent, 2);
    }
    if (scene.focused !== undefined && places.length > 2 * scene.focused) {
      ring(context, placeOf(scene.focused), radius + 6, ink, 2.5);
    }
    if (scene.lasso.length > 1) {
      context.beginPath();
      for (const [x, y] of scene.lasso) context.lineTo(x, y);
      context.closePath();
      context.globalAlpha = 0.15;
      context.fillStyle = accent;
      context.fill();
      context.globalAlpha = 1;
      context.strokeStyle = accent;
      context.lineWidth = 1.5;
      context.setLineDash([5, 4]);
      context.stroke();
      context.setLineDash([]);
    }
  };
}

/** Points that are shown and lie within the surface. */
export function visiblePoints(
  { places, hidden }: Pick<Scene, 'places' | 'hidden'>,
  { width, height, view }: Surface,
): number[] {
  const margin = 12;
  const [left, right] = [(-margin - view.x) / view.k, (width + margin - view.x) / view.k];
  const [top, bottom] = [(-margin - view.y) / view.k, (height + margin - view.y) / view.k];
  const found: number[] = [];
  for (let point = 0; point < hidden.length; point++) {
    if (hidden[point]) continue;
    const x = places[2 * point] as number;
    const y = places[2 * point + 1] as number;
    if (x >= left && x <= right && y >= top && y <= bottom) found.push(point);
  }
  return found;
}

/** Half pixels, so that few sprites serve all scales. */
function dotRadius(count: number, scale: number): number {
  const smallest = count > 3000 ? 2 : count > 600 ? 3 : 4;
  return Math.min(9, Math.round(2 * (smallest + Math.log2(Math.max(1, scale)))) / 2);
}

function spriteOf(mark: Mark, radius: number, ratio: number): Sprite {
  const half = Math.ceil((1.3 * radius + 1) * ratio);
  const image = document.createElement('canvas');
  image.width = 2 * half;
  image.height = 2 * half;
  const context = image.getContext('2d');
  if (context) {
    context.translate(half, half);
    context.scale(ratio, ratio);
    const path = new Path2D(markPath(mark, radius));
    context.fillStyle = mark.colour;
    context.strokeStyle = mark.colour;
    context.lineWidth = 1.25;
    if (mark.shape === 'ring') context.stroke(path);
    else context.fill(path);
  }
  return { image, half };
}

function ring(
  context: CanvasRenderingContext2D,
  [x, y]: readonly [number, number],
  radius: number,
  colour: string,
  width: number,
): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}

/** Pictures where they cover neither one another nor a heap of points, those selected first. */
function drawPictures(
  context: CanvasRenderingContext2D,
  { picture, selected, marks, scheme, focused }: Scene,
  { width, height }: Surface,
  points: readonly number[],
  placeOf: (point: number) => readonly [number, number],
): void {
  const taken: (readonly [number, number])[] = [];
  const first = (point: number) => (point === focused ? 2 : selected.has(point) ? 1 : 0);
  for (const point of [...points].sort((a, b) => first(b) - first(a))) {
    const [x, y] = placeOf(point);
    if (x < 0 || y < 0 || x > width || y > height) continue;
    const covers = taken.some(
      ([left, top]) => Math.abs(left - x) < pictureSize.width + 4 && Math.abs(top - y) < pictureSize.height + 4,
    );
    if (covers) continue;
    const under = points.filter((other) => {
      const [left, top] = placeOf(other);
      return Math.abs(left - x) < pictureSize.width / 2 && Math.abs(top - y) < pictureSize.height / 2;
    });
    if (under.length > mostHidden) continue;
    const found = picture(point);
    if (!found) continue;
    taken.push([x, y]);
    const scale = Math.min(pictureSize.width / found.width, pictureSize.height / found.height);
    const [w, h] = [found.width * scale, found.height * scale];
    context.drawImage(found.image, x - w / 2, y - h / 2, w, h);
    context.strokeStyle = markOf(marks[point] as number, scheme).colour;
    context.lineWidth = 2;
    context.strokeRect(x - w / 2, y - h / 2, w, h);
  }
}
