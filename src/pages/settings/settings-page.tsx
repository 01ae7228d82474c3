import { Stack, Title } from '@mantine/core';
import { useEffect } from 'react';
import { modelFiles } from '../../extractors/model-files';
import { extractors } from '../../extractors/registry';
import { useStores, useStoreValue } from '../../state/stores';
import { AboutSection } from './about-section';
import { DescriptorsSection } from './descriptors-section';
import { InferenceSection } from './inference-section';
import { ModelCard } from './model-card';
import { PrivacySection } from './privacy-section';
import { SamplingSection } from './sampling-section';
import classes from './settings.module.css';
import { StorageSection } from './storage-section';

export function SettingsPage() {
  const { models, storage } = useStores();
  const { models: statuses, inference, work, errors, verified } = useStoreValue(models, (all) => all);

  useEffect(() => {
    void models.getState().refresh();
    void storage.getState().refresh();
  }, [models, storage]);

  return (
    <div className={classes.page}>
      <Title order={1} size="h3">
        Settings
      </Title>
      <section className={classes.section} aria-labelledby="models-title">
        <Title order={2} size="h4" id="models-title">
          Models
        </Title>
        <Stack gap={16}>
          {extractors.flatMap(modelFiles).map((file) => {
            const { id, model } = file;
            const actions = models.getState();
            return (
              <ModelCard
                key={id}
                file={file}
                status={statuses?.find((status) => status.model === id)}
                work={work[id]}
                error={errors[id]}
                verified={verified[id] ?? false}
                onDownload={(url) => void actions.download(id, url === model.url ? undefined : url)}
                onFile={(file) => void actions.addFile(id, file)}
                onVerify={() => void actions.verify(id)}
                onRemove={() => void actions.remove(id)}
                onCancel={() => actions.cancel(id)}
                onInput={(input) => void actions.setInput(id, input)}
                onMakeCopy={inference?.backend === 'wasm' ? () => void actions.makeCopy(id) : undefined}
                onUseCopy={(inUse) => void actions.switchCopy(id, inUse)}
                onRemoveCopy={() => void actions.removeCopy(id)}
              />
            );
          })}
        </Stack>
      </section>
      <InferenceSection />
      <DescriptorsSection />
      <SamplingSection />
      <StorageSection />
      <PrivacySection />
      <AboutSection />
    </div>
  );
}
