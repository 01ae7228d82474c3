import { ActionIcon, Button, Group, SegmentedControl, Tooltip, useComputedColorScheme } from '@mantine/core';
import { Lasso, Maximize, Move, SquareDashedMousePointer, ZoomIn, ZoomOut } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { VideoRecord } from '../../core/video';
import { useStores } from '../../state/stores';
import { createPointMap, type PointMap, type Tool } from '../../ui/point-map/point-map';
import { saveFile } from '../../ui/save-file';
import classes from './map.module.css';
import { pictureVersion } from './picture-version';
import { PointCard } from './point-card';
import { createPointPictures, type PointPictures } from './point-pictures';

type Props = {
  /** What the map is of, for its files and for screen readers. */
  readonly name: string;
  readonly summary: string;
  readonly coordinates: Float32Array;
  /** Of every point; undefined for one that has left the library. */
  readonly videos: readonly (VideoRecord | undefined)[];
  readonly groups: readonly (string | undefined)[];
  readonly marks: Uint8Array;
  readonly hidden: Uint8Array;
  readonly selected: ReadonlySet<number>;
  readonly focused: number | undefined;
  readonly csv: () => string;
  readonly legend: ReactNode;
  readonly onOpen: (point: number) => void;
  readonly onSelect: (points: readonly number[], add: boolean) => void;
};

const step = 80;
const closer = 1.5;
const moves: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [step, 0],
  ArrowRight: [-step, 0],
  ArrowUp: [0, step],
  ArrowDown: [0, -step],
};

/** The map on a canvas, its tools and its legend. */
export function MapFigure(props: Props) {
  const { name, summary, coordinates, videos, groups, marks, hidden, selected, focused, csv, legend } = props;
  const { thumbnails } = useStores();
  const scheme = useComputedColorScheme('light');
  const canvas = useRef<HTMLCanvasElement>(null);
  const map = useRef<PointMap>(undefined);
  const [tool, setTool] = useState<Tool>('move');
  const [hovered, setHovered] = useState<{ readonly point: number; readonly x: number; readonly y: number }>();
  const latest = useRef({ ...props, tool });
  latest.current = { ...props, tool };

  useEffect(() => {
    if (!canvas.current) return;
    let made: PointMap | undefined;
    const pictures: PointPictures = createPointPictures(thumbnails, () => made?.redraw());
    made = createPointMap(canvas.current, {
      picture: (point) => {
        const video = latest.current.videos[point];
        return video?.probe && pictures.get(video.id, pictureVersion(video));
      },
      onHover: (point, x, y) => setHovered(point === undefined ? undefined : { point, x, y }),
      onPick: (point, add) => {
        const { tool: now, onOpen, onSelect, selected: chosen } = latest.current;
        if (!add && now === 'move') onOpen(point);
        else if (chosen.has(point))
          onSelect(
            [...chosen].filter((other) => other !== point),
            false,
          );
        else onSelect([point], true);
      },
      onLasso: (points, add) => latest.current.onSelect(points, add),
    });
    map.current = made;
    return () => {
      made?.destroy();
      pictures.destroy();
    };
  }, [thumbnails]);
  useEffect(() => {
    map.current?.update({ coordinates, marks, hidden, selected, focused, tool, scheme });
  }, [coordinates, marks, hidden, selected, focused, tool, scheme]);
  useEffect(() => {
    if (focused !== undefined) map.current?.reveal(focused);
  }, [focused]);

  const savePicture = () =>
    canvas.current?.toBlob((blob) => {
      if (blob) saveFile(blob, `${name}.png`);
    });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey) return;
    const moved = moves[event.key];
    if (moved) map.current?.moveBy(...moved);
    else if (event.key === '+' || event.key === '=') map.current?.zoomBy(closer);
    else if (event.key === '-') map.current?.zoomBy(1 / closer);
    else if (event.key === '0') map.current?.fit();
    else return;
    event.preventDefault();
  };
  const action = (label: string, icon: ReactNode, onClick: () => void) => (
    <Tooltip label={label}>
      <ActionIcon variant="default" size={30} aria-label={label} onClick={onClick}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
  const tools = useMemo(
    () =>
      (
        [
          ['move', 'Move', Move],
          ['lasso', 'Lasso', Lasso],
        ] as const
      ).map(([value, label, Icon]) => ({
        value,
        label: (
          <span className={classes.tool}>
            <Icon size={14} aria-hidden /> {label}
          </span>
        ),
      })),
    [],
  );
  const under = hovered && videos[hovered.point];
  return (
    <figure className={classes.figure} aria-label="Map">
      <Group gap={8} justify="space-between">
        <Group gap={8}>
          <SegmentedControl
            size="xs"
            aria-label="What dragging does"
            value={tool}
            onChange={(value) => setTool(value as Tool)}
            data={tools}
          />
          {action('Zoom in', <ZoomIn size={16} aria-hidden />, () => map.current?.zoomBy(closer))}
          {action('Zoom out', <ZoomOut size={16} aria-hidden />, () => map.current?.zoomBy(1 / closer))}
          {action('Fit to view', <Maximize size={16} aria-hidden />, () => map.current?.fit())}
          {action('Select what is in view', <SquareDashedMousePointer size={16} aria-hidden />, () =>
            props.onSelect(map.current?.inView() ?? [], false),
          )}
        </Group>
        <Group gap={4}>
          <Button size="compact-xs" variant="subtle" aria-label="Map: save PNG" onClick={savePicture}>
            PNG
          </Button>
          <Button
            size="compact-xs"
            variant="subtle"
            aria-label="Map: save CSV"
            onClick={() => saveFile(csv(), `${name}.csv`, 'text/csv')}
          >
            CSV
          </Button>
        </Group>
      </Group>
      <section
        className={classes.plane}
        data-tool={tool}
        data-over={under ? true : undefined}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what pans and zooms must do so by keyboard
        tabIndex={0}
        aria-label="Map: arrow keys move, + and − zoom, 0 fits to view; the list beside it has every video"
        onKeyDown={onKeyDown}
      >
        <canvas ref={canvas} role="img" aria-label={summary} />
        {under && hovered && (
          <PointCard
            key={under.id}
            video={under}
            group={groups[hovered.point]}
            x={hovered.x}
            y={hovered.y}
            within={canvas.current?.clientWidth ?? 0}
          />
        )}
      </section>
      {legend}
      <figcaption className={classes.summary}>{summary}</figcaption>
    </figure>
  );
}
