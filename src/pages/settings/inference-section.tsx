import { Alert, Radio, Skeleton, Stack, Text, Title } from '@mantine/core';
import type { BackendChoice, ModelsState } from '../../state/models-store';
import { useStores, useStoreValue } from '../../state/stores';
import { ErrorWords } from '../../ui/error-words';
import classes from './settings.module.css';

type Inference = NonNullable<ModelsState['inference']>;

/** `WebGPU on NVIDIA H200, 16-bit floats`, `WASM, 2 threads, SIMD`. */
export function backendText({ backend, adapter, halfFloats, threads, simd }: Inference): string {
  if (backend === 'webgpu') return `WebGPU${adapter ? ` on ${adapter}` : ''}${halfFloats ? ', 16-bit floats' : ''}`;
  return `WASM, ${threads} ${threads === 1 ? 'thread' : 'threads'}, ${simd ? 'SIMD' : 'no SIMD'}`;
}

/** What runs the networks on this device, why nothing faster does, and the choice a person has. */
export function InferenceSection() {
  const { models, preferences } = useStores();
  const inference = useStoreValue(models, (all) => all.inference);
  const error = useStoreValue(models, (all) => all.inferenceError);
  const backend = useStoreValue(preferences, (all) => all.backend);
  const choose = (value: string) => {
    const choice: BackendChoice = value === 'wasm' ? 'wasm' : 'auto';
    preferences.getState().set({ backend: choice });
    void models.getState().setBackend(choice);
  };
  return (
    <section className={classes.section} aria-labelledby="inference-title">
      <Title order={2} size="h4" id="inference-title">
        Backend
      </Title>
      {inference ? (
        <dl className={classes.facts}>
          <dt>In use</dt>
          <dd>{backendText(inference)}</dd>
          <dt>Cross-origin isolated</dt>
          <dd>{inference.crossOriginIsolated ? 'yes, so several threads can be used' : 'no, so one thread is used'}</dd>
          {inference.fallback && (
            <>
              <dt>Why not faster</dt>
              <dd>{inference.fallback}</dd>
            </>
          )}
        </dl>
      ) : (
        !error && <Skeleton h={48} aria-hidden />
      )}
      {error && (
        <Alert color="red" title="The backend cannot be started" role="alert">
          <ErrorWords error={error} />
        </Alert>
      )}
      <Radio.Group label="Run networks on" value={backend} onChange={choose}>
        <Stack gap={8} mt={8}>
          <Radio value="auto" label="The fastest that passes its self-test: a GPU by WebGPU, else the processor" />
          <Radio value="wasm" label="The processor only (WASM)" />
        </Stack>
      </Radio.Group>
      <Text size="xs" c="dimmed">
        Vectors of both agree to a cosine of 0.999 or more, so a library made with one is searched with the other.
      </Text>
    </section>
  );
}
