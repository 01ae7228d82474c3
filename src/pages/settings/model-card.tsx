import {
  Alert,
  Badge,
  Button,
  Code,
  Group,
  NativeSelect,
  Progress,
  Skeleton,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useState } from 'react';
import type { ErrorRecord } from '../../core/errors';
import type { ModelInput, Normalisation } from '../../extractors/extractor';
import type { ModelFile } from '../../extractors/model-files';
import type { ModelsState, ModelWork } from '../../state/models-store';
import { ErrorWords } from '../../ui/error-words';
import { bytesText } from './bytes-text';
import { EightBitCopy } from './eight-bit-copy';
import { FileButton } from './file-button';
import classes from './settings.module.css';

type ModelStatus = NonNullable<ModelsState['models']>[number];

export type ModelCardProps = {
  readonly file: ModelFile;
  readonly status: ModelStatus | undefined;
  readonly work: ModelWork | undefined;
  readonly error: ErrorRecord | undefined;
  readonly verified: boolean;
  readonly onDownload: (url: string) => void;
  readonly onFile: (file: File) => void;
  readonly onVerify: () => void;
  readonly onRemove: () => void;
  readonly onCancel: () => void;
  readonly onInput: (input: ModelInput) => void;
  /** Absent where networks run on a graphics card. */
  readonly onMakeCopy: (() => void) | undefined;
  readonly onUseCopy: (inUse: boolean) => void;
  readonly onRemoveCopy: () => void;
};

const sources: Record<NonNullable<ModelStatus['source']>, string> = {
  stored: 'kept in this browser',
  origin: "served with the app, from its 'models' folder",
  added: 'added by you, kept in this browser',
  downloaded: 'downloaded, kept in this browser',
};

const states = {
  ready: { label: 'Ready', color: 'green' },
  missing: { label: 'Missing', color: 'orange' },
  invalid: { label: 'Not usable', color: 'red' },
} as const;

const workWords: Record<ModelWork['kind'], string> = {
  download: 'Downloading',
  add: 'Checking the file',
  verify: 'Verifying',
  remove: 'Removing',
  configure: 'Applying',
  copy: 'Making an 8-bit copy',
};

const normalisations: { value: Normalisation; label: string }[] = [
  { value: 'torchvision', label: 'torchvision' },
  { value: 'caffe', label: 'Keras / Caffe' },
  { value: 'tf', label: 'TensorFlow' },
  { value: 'clip', label: 'CLIP' },
  { value: 'unit', label: '0 to 1' },
];

/** One extractor's model file: what it is, where it came from, and all that can be done with it. */
export function ModelCard(props: ModelCardProps) {
  const { file, status, work, error, verified } = props;
  const { label, summary } = file;
  const state = states[status?.state ?? 'missing'];
  const shown = error ?? status?.error;
  return (
    <section className={classes.card} aria-label={`Model of ${label}`}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Title order={3} size="h5">
            {label}
          </Title>
          <Text size="sm" c="dimmed">
            {summary}
          </Text>
        </div>
        {status && (
          <Badge
            variant="default"
            tt="none"
            className={classes.badge}
            leftSection={<span className={classes.dot} data-state={status.state} />}
          >
            {state.label}
          </Badge>
        )}
      </Group>

      {status?.state === 'ready' && <Facts model={file.model} status={status} verified={verified} />}
      {status && status.state !== 'ready' && (
        <Text size="sm">
          {status.state === 'missing'
            ? file.kind === 'network' && !file.model.accepts.includes('tokens')
              ? `${label} needs a model file. Until it has one, videos are described and searched without it.`
              : `${label} is a file of its own. Until it is there, nothing is found by free text.`
            : 'The model file that is there cannot be used.'}
        </Text>
      )}
      {shown && (
        <Alert color="red" title="That did not work" role="alert">
          <ErrorWords error={shown} />
        </Alert>
      )}
      {work && <Work work={work} onCancel={props.onCancel} />}
      {!work && !status && <Skeleton h={72} aria-hidden />}
      {!work && status && <Actions {...props} />}
      {status?.state === 'ready' && isOfPictures(file) && (status.copy || props.onMakeCopy) && (
        <EightBitCopy
          copy={status.copy}
          disabled={work !== undefined}
          onMake={() => props.onMakeCopy?.()}
          onUse={props.onUseCopy}
          onRemove={props.onRemoveCopy}
        />
      )}
      {status?.state === 'ready' && status.input && (
        <InputPresets input={status.input} disabled={work !== undefined} onInput={props.onInput} />
      )}
    </section>
  );
}

function isOfPictures(file: ModelFile): boolean {
  return file.kind === 'network' && file.model.accepts.includes('picture');
}

type FactsProps = { readonly model: ModelFile['model']; readonly status: ModelStatus; readonly verified: boolean };

function Facts({ model, status, verified }: FactsProps) {
  const { source, fileName, bytes, sha256, published } = status;
  return (
    <dl className={classes.facts}>
      <dt>File</dt>
      <dd>
        {fileName ?? model.file}
        {bytes !== undefined && `, ${bytesText(bytes)}`}
      </dd>
      <dt>Source</dt>
      <dd>{source ? sources[source] : 'unknown'}</dd>
      <dt>SHA-256</dt>
      <dd>
        {sha256 ? <Code className={classes.hash}>{sha256}</Code> : 'read at first use, or by "Verify"'}
        <Text size="xs" c="dimmed">
          {published === true && 'The published file.'}
          {published === false && 'Another export than the published one: its vectors are a space of their own.'}
          {verified && ' Verified just now: the hash is right and the self-test passed.'}
        </Text>
      </dd>
      <dt>Licence</dt>
      <dd>{licenceText(model, published)}</dd>
    </dl>
  );
}

function licenceText(model: ModelFile['model'], published: boolean | undefined): string {
  if (model.url === undefined) return 'as its maker says';
  return published === false ? `as its maker says (the published file: ${model.licence})` : model.licence;
}

function Work({ work, onCancel }: { work: ModelWork; onCancel: () => void }) {
  const fraction = work.progress?.fraction;
  const percent = fraction === undefined ? undefined : Math.round(fraction * 100);
  return (
    <Group gap={16} wrap="nowrap">
      <Stack gap={4} flex={1}>
        <Text size="sm">
          {work.progress?.stage ?? workWords[work.kind]}
          {percent === undefined ? '…' : `: ${percent} %`}
        </Text>
        <Progress
          aria-label={workWords[work.kind]}
          value={percent ?? 100}
          {...(percent === undefined && { striped: true, animated: true })}
        />
      </Stack>
      <Button variant="default" onClick={onCancel}>
        Cancel
      </Button>
    </Group>
  );
}

function Actions({ file: { kind, model }, status, onDownload, onFile, onVerify, onRemove }: ModelCardProps) {
  const [address, setAddress] = useState(model.url ?? '');
  const ready = status?.state === 'ready';
  return (
    <Stack gap={12}>
      {!ready && model.url !== undefined && (
        <Group gap={8} align="flex-end">
          <TextInput
            label="Download address"
            description={`${bytesText(model.bytes)}, ${model.licence}. Nothing is fetched before you press the button.`}
            value={address}
            onChange={(event) => setAddress(event.currentTarget.value)}
            flex="1 1 320px"
            spellCheck={false}
          />
          <Button onClick={() => onDownload(address)} disabled={address.trim() === ''}>
            Download
          </Button>
        </Group>
      )}
      <Group gap={8}>
        <FileButton label="Add model file" accept={kind === 'network' ? '.onnx' : '.json'} onFile={onFile} />
        {ready && (
          <Button variant="default" onClick={onVerify}>
            Verify
          </Button>
        )}
        {status && status.state !== 'missing' && status.source !== 'origin' && (
          <Button variant="default" onClick={onRemove}>
            Remove
          </Button>
        )}
      </Group>
    </Stack>
  );
}

type InputPresetsProps = {
  readonly input: ModelInput;
  readonly disabled: boolean;
  readonly onInput: (input: ModelInput) => void;
};

function InputPresets({ input, disabled, onInput }: InputPresetsProps) {
  return (
    <div>
      <Group gap={16} align="flex-end">
        <NativeSelect
          label="Normalisation"
          data={normalisations}
          value={input.normalisation}
          disabled={disabled}
          onChange={(event) => onInput({ ...input, normalisation: event.currentTarget.value as Normalisation })}
        />
        <NativeSelect
          label="Channel order"
          data={['RGB', 'BGR']}
          value={input.channels}
          disabled={disabled}
          onChange={(event) => onInput({ ...input, channels: event.currentTarget.value as ModelInput['channels'] })}
        />
      </Group>
      <Text size="xs" c="dimmed" mt={4}>
        How frames become this file's input ({input.layout}). Change it only for an export that was trained otherwise:
        it makes a new space, and the library is to be indexed again.
      </Text>
    </div>
  );
}
