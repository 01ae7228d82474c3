import { polygonContains } from 'd3-polygon';
import { type Quadtree, quadtree } from 'd3-quadtree';
import { select } from 'd3-selection';
import { zoom, zoomIdentity } from 'd3-zoom';
import { createPainter, type Picture, type Scene, type Surface, visiblePoints } from './draw-points';
import type { Scheme } from './marks';

export type Tool = 'move' | 'lasso';

/** What is shown. Fields that keep their identity cost nothing to pass again. */
export type PointMapScene = {
  /** Row-major [points x 2], in any unit. */
  readonly coordinates: Float32Array;
  readonly marks: Uint8Array;
  readonly hidden: Uint8Array;
  readonly selected: ReadonlySet<number>;
  readonly focused: number | undefined;
  readonly tool: Tool;
  readonly scheme: Scheme;
};

export type PointMapEvents = {
  readonly picture: (point: number) => Picture | undefined;
  /** The point under the pointer, and where the pointer is, CSS pixels of the canvas. */
  readonly onHover: (point: number | undefined, x: number, y: number) => void;
  readonly onPick: (point: number, add: boolean) => void;
  readonly onLasso: (points: readonly number[], add: boolean) => void;
};

export type PointMap = {
  update(scene: PointMapScene): void;
  /** Draws again soon: a picture has come. */
  redraw(): void;
  fit(): void;
  zoomBy(factor: number): void;
  moveBy(x: number, y: number): void;
  /** Brings a point into view, where it is not. */
  reveal(point: number): void;
  inView(): readonly number[];
  destroy(): void;
};

const mostZoom = 400;
/** How far from a point it is still meant, CSS pixels. */
const reach = 14;
const margin = 32;

/** Points on a canvas, to pan and zoom by mouse, wheel and touch, to point at and to lasso. */
export function createPointMap(canvas: HTMLCanvasElement, events: PointMapEvents): PointMap {
  const context = canvas.getContext('2d', { alpha: false });
  const paint = createPainter();
  const node = select(canvas);
  let scene: PointMapScene | undefined;
  let places = new Float32Array();
  let tree: Quadtree<number> | undefined;
  let surface: Surface = { width: 1, height: 1, ratio: 1, view: zoomIdentity };
  let lasso: [number, number][] = [];
  let drew = false;
  let planned = 0;

  const redraw = () => {
    planned ||= requestAnimationFrame(() => {
      planned = 0;
      if (!context || !scene) return;
      const { marks, hidden, selected, focused, scheme } = scene;
      const drawn: Scene = { places, marks, hidden, selected, focused, picture: events.picture, lasso, scheme };
      paint(context, drawn, surface);
    });
  };

  const zooming = zoom<HTMLCanvasElement, unknown>()
    .scaleExtent([0.5, mostZoom])
    .filter((event: Event) => {
      if (event.type === 'wheel') return true;
      const touches = (event as TouchEvent).touches?.length ?? 0;
      if (scene?.tool === 'lasso') return touches > 1;
      return !(event as MouseEvent).button;
    })
    .on('zoom', ({ transform }: { transform: Surface['view'] }) => {
      surface = { ...surface, view: { x: transform.x, y: transform.y, k: transform.k } };
      redraw();
    });
  node.call(zooming).on('dblclick.zoom', null);

  /** Lays the points out within the canvas, the longer side of their box over the shorter one of its own. */
  const layOut = () => {
    if (!scene) return;
    const { coordinates } = scene;
    const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
    for (let i = 0; i < coordinates.length; i += 2) {
      const [x, y] = [coordinates[i] as number, coordinates[i + 1] as number];
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x);
      box.top = Math.min(box.top, y);
      box.bottom = Math.max(box.bottom, y);
    }
    const { width, height } = surface;
    const scale = Math.min(
      Math.max(1, width - 2 * margin) / (box.right - box.left || 1),
      Math.max(1, height - 2 * margin) / (box.bottom - box.top || 1),
    );
    const [middleX, middleY] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    places = coordinates.map((value, i) =>
      i % 2 === 0 ? width / 2 + scale * (value - middleX) : height / 2 + scale * (value - middleY),
    );
    tree = undefined;
  };
  const treeOf = () => {
    tree ??= quadtree<number>()
      .x((point) => places[2 * point] as number)
      .y((point) => places[2 * point + 1] as number)
      .addAll([...places.keys()].filter((i) => i < places.length / 2 && !scene?.hidden[i]));
    return tree;
  };
  const pointAt = (x: number, y: number) => {
    const { view } = surface;
    return treeOf().find((x - view.x) / view.k, (y - view.y) / view.k, reach / view.k);
  };

  const resize = () => {
    const { width, height } = canvas.getBoundingClientRect();
    if (width === 0 || height === 0) return;
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    surface = { ...surface, width, height, ratio };
    zooming.extent([
      [0, 0],
      [width, height],
    ]);
    layOut();
    redraw();
  };
  const observer = new ResizeObserver(resize);
  observer.observe(canvas);

  const at = ({ clientX, clientY }: PointerEvent | MouseEvent): [number, number] => {
    const { left, top } = canvas.getBoundingClientRect();
    return [clientX - left, clientY - top];
  };
  const listening = new AbortController();
  const { signal } = listening;
  canvas.addEventListener(
    'pointerdown',
    (event) => {
      if (scene?.tool !== 'lasso' || event.button !== 0 || !event.isPrimary) return;
      canvas.setPointerCapture(event.pointerId);
      lasso = [at(event)];
      drew = false;
    },
    { signal },
  );
  canvas.addEventListener(
    'pointermove',
    (event) => {
      const [x, y] = at(event);
      if (lasso.length > 0) {
        lasso.push([x, y]);
        redraw();
      } else if (event.buttons === 0) events.onHover(pointAt(x, y), x, y);
      else events.onHover(undefined, x, y);
    },
    { signal },
  );
  const endLasso = ({ shiftKey }: PointerEvent) => {
    const corners = lasso;
    lasso = [];
    redraw();
    drew = corners.length >= 4;
    if (!drew) return;
    const { view } = surface;
    const points = visiblePoints({ places, hidden: scene?.hidden ?? new Uint8Array() }, surface).filter((point) =>
      polygonContains(corners, [
        view.x + view.k * (places[2 * point] as number),
        view.y + view.k * (places[2 * point + 1] as number),
      ]),
    );
    events.onLasso(points, shiftKey);
  };
  canvas.addEventListener('pointerup', endLasso, { signal });
  canvas.addEventListener(
    'pointercancel',
    () => {
      lasso = [];
      redraw();
    },
    { signal },
  );
  canvas.addEventListener('pointerleave', (event) => events.onHover(undefined, ...at(event)), { signal });
  canvas.addEventListener(
    'click',
    (event) => {
      // The end of a lasso is no click.
      if (drew) {
        drew = false;
        return;
      }
      const point = pointAt(...at(event));
      if (point !== undefined) events.onPick(point, event.shiftKey || event.ctrlKey || event.metaKey);
    },
    { signal },
  );

  return {
    update(next) {
      const before = scene;
      scene = next;
      if (before?.coordinates !== next.coordinates) layOut();
      if (before?.hidden !== next.hidden) tree = undefined;
      redraw();
    },
    redraw,
    fit: () => node.call(zooming.transform, zoomIdentity),
    zoomBy: (factor) => node.call(zooming.scaleBy, factor),
    moveBy: (x, y) => node.call(zooming.translateBy, x / surface.view.k, y / surface.view.k),
    reveal(point) {
      const { view, width, height } = surface;
      const [placeX, placeY] = [places[2 * point], places[2 * point + 1]];
      if (placeX === undefined || placeY === undefined) return;
      const [x, y] = [view.x + view.k * placeX, view.y + view.k * placeY];
      if (x < 0 || y < 0 || x > width || y > height) node.call(zooming.translateTo, placeX, placeY);
    },
    inView: () => {
      const { width, height } = surface;
      const { view } = surface;
      return visiblePoints({ places, hidden: scene?.hidden ?? new Uint8Array() }, surface).filter((point) => {
        const x = view.x + view.k * (places[2 * point] as number);
        const y = view.y + view.k * (places[2 * point + 1] as number);
        return x >= 0 && y >= 0 && x <= width && y <= height;
      });
    },
    destroy() {
      cancelAnimationFrame(planned);
      observer.disconnect();
      listening.abort();
      node.on('.zoom', null);
    },
  };
}
