import { Alert, Button, Code, Drawer, Group, Stack, Table, Text } from '@mantine/core';
import { Film, Minus, Play, Plus, RotateCcw, ScanSearch, Trash2 } from 'lucide-react';
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { parseSpaceKey } from '../../core/feature';
import type { AudioTrackFacts, MediaProbe } from '../../core/media';
import type { VideoRecord } from '../../core/video';
import { extractors } from '../../extractors/registry';
import { useStores, useStoreValue } from '../../state/stores';
import { describeError } from '../../ui/error-messages';
import { fileSize } from '../../ui/file-size';
import { FrameStrip } from '../../ui/frame-strip';
import { clock } from '../../ui/moment';
import { MomentTags } from '../../ui/moment-tags';
import { RecognisedTags } from '../../ui/recognised-tags';
import { useOpened } from '../../ui/use-opened';
import { DescribeVideo } from './describe-video';

const VideoPlayer = lazy(async () => ({ default: (await import('../video-player')).VideoPlayer }));

type Props = {
  readonly id: string;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onSimilar: (id: string) => void;
  readonly onRetry: (id: string) => void;
  readonly onDelete: (id: string) => void;
};

/** Facts, places, labels and, where something failed, what to do. */
export function DetailsDrawer({ id, opened, onClose, onSimilar, onRetry, onDelete }: Props) {
  const { engine, library, search } = useStores();
  const navigate = useNavigate();
  const searching = useStoreValue(search, ({ query }) => query !== undefined && query.words === undefined);
  const video = useStoreValue(library, ({ byId }) => byId.get(id));
  const [playing, setPlaying] = useState(false);
  const loadMoments = useCallback((of: string) => engine.library.seenMoments({ id: of }), [engine]);
  return (
    <Drawer
      opened={useOpened(opened && video !== undefined)}
      onClose={onClose}
      // Escape closes the player that stands before it, not both.
      closeOnEscape={!playing}
      position="right"
      size="md"
      title={video?.name}
      styles={{ title: { overflowWrap: 'anywhere', fontWeight: 600 } }}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {video && (
        <Stack>
          <Frames video={video} />
          {video.error && <Failure video={video} />}
          <Group gap="xs">
            <Button
              leftSection={<ScanSearch size={16} aria-hidden />}
              disabled={video.spaces.length === 0}
              onClick={() => onSimilar(video.id)}
            >
              Find similar
            </Button>
            {video.probe && video.locations.length > 0 && (
              <Button variant="default" leftSection={<Play size={16} aria-hidden />} onClick={() => setPlaying(true)}>
                Play
              </Button>
            )}
            {([true, false] as const).map((liked) => (
              <Button
                key={String(liked)}
                variant="default"
                leftSection={liked ? <Plus size={16} aria-hidden /> : <Minus size={16} aria-hidden />}
                disabled={video.spaces.length === 0 || (!liked && !searching)}
                onClick={() => {
                  navigate('/search');
                  void search.getState().addExample(video, liked);
                }}
              >
                {liked ? 'More like this' : 'Less like this'}
              </Button>
            ))}
            {video.probe?.video && video.probe.decoder !== 'image' && (
              <Button
                component={Link}
                to={`/shots?video=${encodeURIComponent(video.id)}`}
                variant="default"
                leftSection={<Film size={16} aria-hidden />}
              >
                Shots
              </Button>
            )}
            {video.error && (
              <Button
                variant="default"
                leftSection={<RotateCcw size={16} aria-hidden />}
                onClick={() => onRetry(video.id)}
              >
                Retry
              </Button>
            )}
            <Button variant="default" leftSection={<Trash2 size={16} aria-hidden />} onClick={() => onDelete(video.id)}>
              Delete
            </Button>
          </Group>
          {video.recognised && <RecognisedTags recognised={video.recognised} most={6} />}
          {video.recognised && <MomentTags id={video.id} load={loadMoments} />}
          <DescribeVideo video={video} />
          <Facts video={video} />
          <Suspense>{playing && <VideoPlayer id={video.id} onClose={() => setPlaying(false)} />}</Suspense>
        </Stack>
      )}
    </Drawer>
  );
}

function Frames({ video: { id, name, state } }: { video: VideoRecord }) {
  const { engine } = useStores();
  const [frames, setFrames] = useState<readonly { image: Blob; time: number }[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: frames come with the state
  useEffect(() => {
    let current = true;
    void engine.library
      .thumbnails({ id })
      .catch(() => undefined)
      .then((strip) => {
        if (current) setFrames(strip?.images.map((image, i) => ({ image, time: strip.times[i] ?? 0 })) ?? []);
      });
    return () => {
      current = false;
    };
  }, [engine, id, state]);
  return frames.length > 0 ? <FrameStrip frames={frames} of={name} /> : null;
}

function Failure({ video: { error, state } }: { video: VideoRecord }) {
  if (!error) return null;
  const { what, todo } = describeError(error);
  return (
    <Alert
      variant="default"
      title={state === 'failed' ? 'This file was not indexed' : 'Indexed in part'}
      // The report scrolls by itself, where it would push the words out of sight.
      styles={{ body: { minWidth: 0 } }}
    >
      <Text size="sm">{what}</Text>
      <Text size="sm" mt={4}>
        {todo}
      </Text>
      <Code block mt="xs" tabIndex={0} aria-label="Report">
        {error.code}: {error.message}
      </Code>
    </Alert>
  );
}

const decoders = { webcodecs: 'this browser', ffmpeg: 'the built-in decoder', image: 'this browser' } as const;
const ways = { exact: 'frame by frame', 'key-frames': 'at key frames', linear: 'in one pass' } as const;

function decodedBy({ decoder, sought, video }: MediaProbe): string {
  const way = video && decoder !== 'image' && sought ? ways[sought] : undefined;
  return [decoders[decoder], way].filter(Boolean).join(', ');
}

function Facts({ video }: { video: VideoRecord }) {
  const { probe } = video;
  const track = probe?.video;
  const described = extractors.filter(({ id }) => video.spaces.some((key) => parseSpaceKey(key)?.extractor === id));
  const facts: [string, string | undefined][] = [
    ['State', { indexed: 'Indexed', failed: 'Failed', waiting: 'Waiting' }[video.state]],
    ['Described by', described.map(({ label }) => label).join(', ') || undefined],
    ['Duration', probe?.duration === undefined ? undefined : clock(probe.duration, { tenths: true })],
    ['Sound', probe && probe.decoder !== 'image' ? soundText(probe.audio) : undefined],
    ['Picture', track ? `${track.width} × ${track.height}${track.hdr ? ', HDR' : ''}` : probe && 'none, only sound'],
    ['Frame rate', track?.frameRate && `${Number(track.frameRate.toFixed(2))} a second`],
    ['Format', probe && [probe.container, track?.codec, probe.audio?.codec].filter(Boolean).join(' · ')],
    ['Decoded by', probe && decodedBy(probe)],
    ['Size', fileSize(video.bytes)],
    ['Added', new Date(video.added).toLocaleString()],
    ...video.locations.map(({ path }, index): [string, string] => [index === 0 ? 'Lies in' : 'and in', path]),
  ].filter((fact): fact is [string, string | undefined] => Boolean(fact));
  return (
    <Table variant="vertical" layout="fixed" withRowBorders>
      <Table.Tbody>
        {facts.map(
          ([name, value]) =>
            value && (
              <Table.Tr key={`${name} ${value}`}>
                <Table.Th w={120}>{name}</Table.Th>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
              </Table.Tr>
            ),
        )}
      </Table.Tbody>
    </Table>
  );
}

function soundText(track: AudioTrackFacts | undefined): string {
  if (!track) return 'none';
  const { channels, sampleRate } = track;
  const layout = channels === 1 ? 'mono' : channels === 2 ? 'stereo' : `${channels} channels`;
  return `${layout}, ${sampleRate / 1000} kHz`;
}
