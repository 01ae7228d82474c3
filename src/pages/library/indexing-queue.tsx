import { Button, Progress } from '@mantine/core';
import { expectedTotal, type JobsState } from '../../state/jobs-store';
import { sampleClips } from '../../state/sample-library';
import { useSteadyValue, useStores, useStoreValue } from '../../state/stores';
import { timeLeft } from '../../ui/time-left';
import { showUndo } from '../undo-toast';
import classes from './library.module.css';

const { format: count } = new Intl.NumberFormat('en');

/** How far indexing is, and the buttons that hold it, let it go on and end it. */
export function IndexingQueue() {
  const { jobs, library } = useStores();
  const state = useSteadyValue(jobs, (all) => all);
  const name = useStoreValue(library, ({ byId }) => (state.current ? byId.get(state.current.id)?.name : undefined));
  const { phase, intake, sample, done, current } = state;
  const total = expectedTotal(state);
  const active = phase !== 'idle' || intake !== undefined || sample !== undefined;
  const fraction = total === 0 ? 0 : Math.min(1, (done + (current?.fraction ?? 0)) / total);
  const held = phase === 'paused' || phase === 'blocked';

  const cancel = async () => {
    const ids = await jobs.getState().cancel();
    if (ids.length > 0) {
      const files = ids.length === 1 ? '1 file' : `${count(ids.length)} files`;
      showUndo(library, ids, `${files} not indexed yet left the library.`, () => void jobs.getState().index(ids));
    }
  };

  return (
    <section className={classes.queue} aria-labelledby="indexing-queue">
      <div className={classes.queueRow}>
        <h2 id="indexing-queue" className={classes.queueTitle}>
          Indexing queue
        </h2>
        <span>{headline(state)}</span>
        <span className={classes.current}>{current && name ? `${name} · ${current.stage}` : ''}</span>
        <Button
          size="compact-sm"
          variant="default"
          disabled={!held && phase !== 'indexing' && phase !== 'elsewhere'}
          onClick={() => (held ? jobs.getState().resume() : jobs.getState().pause())}
        >
          {held ? 'Resume' : 'Pause'}
        </Button>
        <Button size="compact-sm" variant="default" disabled={!active} onClick={() => void cancel()}>
          Cancel
        </Button>
      </div>
      <Progress.Root mt={6} size="sm" transitionDuration={0}>
        <Progress.Section
          value={100 * fraction}
          aria-label="Indexing"
          aria-valuetext={total === 0 ? 'Nothing to index' : `${done} of ${total} files`}
        />
      </Progress.Root>
    </section>
  );
}

function headline(state: JobsState): string {
  const { phase, warming, intake, sample, done, failed, skipped, eta } = state;
  const total = expectedTotal(state);
  const parts: string[] = [];
  if (total > 0) parts.push(`${count(done)}/${count(total)}`);
  if (warming) parts.push('loading the models');
  else if (phase === 'indexing') parts.push(eta === undefined ? 'estimating time left' : timeLeft(eta));
  if (phase === 'paused') parts.push('paused');
  if (phase === 'blocked') parts.push('stopped');
  if (phase === 'elsewhere') parts.push('Another tab is indexing; this one follows');
  if (sample) parts.push(`making sample clip ${sample.made + 1} of ${sampleClips}`);
  if (intake) parts.push(`reading file ${count(intake.read)} of ${count(intake.found)}`);
  if (phase === 'idle' && total === 0 && !intake && !sample) parts.push('nothing to do');
  if (phase === 'idle' && total > 0 && done === total) parts.push('done');
  if (failed > 0) parts.push(`${count(failed)} failed`);
  if (skipped > 0) parts.push(`${count(skipped)} other ${skipped === 1 ? 'file' : 'files'} skipped`);
  return parts.join(' · ');
}
