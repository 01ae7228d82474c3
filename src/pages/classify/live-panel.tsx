import { Alert, Button, Checkbox, NativeSelect, Text, Title } from '@mantine/core';
import { Radio, Square } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { isLive, type LiveSource } from '../../state/live/live-store';
import { useStores, useStoreValue } from '../../state/stores';
import { ErrorWords } from '../../ui/error-words';
import { NumberField } from '../../ui/number-field';
import classes from '../evaluation.module.css';
import own from './live.module.css';
import { LiveLane } from './live-lane';
import { LiveTimeline } from './live-timeline';

/** Labels of a camera, the screen or a playing file, as it goes on. */
export function LivePanel() {
  const { live, classify } = useStores();
  const phase = useStoreValue(live, (state) => state.phase);
  const error = useStoreValue(live, (state) => state.error);
  const notes = useStoreValue(live, (state) => state.notes);
  const seen = useStoreValue(live, (state) => state.seen);
  const heard = useStoreValue(live, (state) => state.heard);
  const smoothing = useStoreValue(live, (state) => state.smoothing);
  const open = useStoreValue(classify, (state) => state.shown?.entry);
  const [source, setSource] = useState<LiveSource>('camera');
  const [sound, setSound] = useState(true);
  const [file, setFile] = useState<File>();
  const [byHead, setByHead] = useState(true);
  // Whoever leaves the page takes camera and microphone back.
  useEffect(() => () => live.getState().leave(), [live]);
  const idle = phase === 'idle';
  const head = open && isLive(open) ? open : undefined;
  const { start, stop, smooth } = live.getState();

  return (
    <section aria-labelledby="live" className={classes.truth}>
      <Title order={2} size="h4" id="live">
        Live
      </Title>
      <div className={classes.bar}>
        <NativeSelect
          label="Source"
          value={source}
          disabled={!idle}
          data={[
            { value: 'camera', label: 'Camera' },
            { value: 'screen', label: 'Screen, window or tab' },
            { value: 'file', label: 'File, as it plays' },
          ]}
          onChange={(event) => setSource(event.currentTarget.value as LiveSource)}
        />
        {source === 'file' && (
          <label className={classes.fileButton} data-disabled={!idle || undefined}>
            <span>{file?.name ?? 'Choose a file'}</span>
            <input
              type="file"
              aria-label="Live file"
              accept="video/*,audio/*,.avi,.mkv,.mov"
              disabled={!idle}
              onChange={(event) => setFile(event.currentTarget.files?.[0])}
            />
          </label>
        )}
        <NativeSelect
          label="Labels by"
          value={head && byHead ? 'head' : 'networks'}
          disabled={!idle}
          data={[
            ...(head ? [{ value: 'head', label: head.name }] : []),
            { value: 'networks', label: 'ImageNet and AudioSet classes' },
          ]}
          onChange={(event) => setByHead(event.currentTarget.value === 'head')}
        />
        <NumberField label="Smoothing, s" value={smoothing} min={0} max={10} step={0.5} onValue={smooth} />
        <Checkbox
          mb={8}
          label="With sound"
          checked={sound}
          disabled={!idle}
          onChange={(event) => setSound(event.currentTarget.checked)}
        />
        {idle ? (
          <Button
            leftSection={<Radio size={16} aria-hidden />}
            disabled={source === 'file' && !file}
            onClick={() => void start({ source, sound, file, head: byHead ? head : undefined })}
          >
            Start live
          </Button>
        ) : (
          <Button variant="default" leftSection={<Square size={16} aria-hidden />} onClick={stop}>
            Stop
          </Button>
        )}
      </div>
      <Text size="sm" c="dimmed">
        {open && !head
          ? 'The open head takes vectors that need a whole video, so that only the networks’ own classes can be told. '
          : ''}
        Pictures and sound stay on this device. The newest moment is asked about; the others are passed over.
      </Text>
      {phase === 'starting' && (
        <Text size="sm" role="status">
          Waiting for the source and the networks…
        </Text>
      )}
      {notes.map((note) => (
        <Text key={note} size="sm" role="status">
          {note}
        </Text>
      ))}
      {error && (
        <Alert variant="default" role="alert" title="Nothing is live">
          <ErrorWords error={error} />
        </Alert>
      )}
      {(!idle || seen || heard) && (
        <div className={own.stage}>
          <Preview />
          <div className={own.lanes}>
            {seen && <LiveLane name="Seen" lane={seen} />}
            {heard && <LiveLane name="Heard" lane={heard} />}
          </div>
        </div>
      )}
      <LiveTimeline />
    </section>
  );
}

/** The source itself, where there are pictures. */
function Preview() {
  const { live } = useStores();
  const video = useStoreValue(live, (state) => state.video);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!video) return undefined;
    video.setAttribute('aria-label', 'Live picture');
    place.current?.append(video);
    return () => video.remove();
  }, [video]);
  return <div ref={place} className={own.preview} data-empty={video === undefined || undefined} />;
}
