import { Button, Text } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { changesSince } from '../../core/evaluation/compare-reports';
import type { EvaluationReport } from '../../core/evaluation/report';
import { spaceKey } from '../../core/feature';
import type { Reproduction } from '../../state/evaluation-store';
import { useStores, useStoreValue } from '../../state/stores';
import { count, extractorLabel, type SpaceSummary } from '../descriptor-words';
import classes from '../evaluation.module.css';

type Change = ReturnType<typeof changesSince>[number];

const words: Readonly<Record<Change, string>> = {
  data: 'the labelled videos, or their labels, groups or splits',
  contents: 'what is in some files of the same name',
  extractor: 'the descriptor',
  model: 'the model',
  preprocessing: 'the preprocessing',
  sampling: 'the sampling',
};

type Props = { readonly report: EvaluationReport; readonly space: SpaceSummary | undefined };

/** The library's spaces that a report can be run again on: its own, else for one descriptor an import of the same, else the
 * space that is chosen. Undefined where the library lacks one. */
function spacesOf({ descriptors }: EvaluationReport, known: readonly SpaceSummary[], chosen: string | undefined) {
  const own = descriptors.map((descriptor) => ({ key: spaceKey(descriptor), weight: descriptor.weight }));
  if (own.every(({ key }) => known.some((space) => space.key === key))) return own;
  const [only, ...others] = own;
  if (!only || others.length > 0) return undefined;
  const alike = known.filter(({ space }) => spaceKey(space) === only.key);
  const key = (alike.find((space) => space.key === chosen) ?? alike[0])?.key ?? chosen;
  return key === undefined ? undefined : [{ key, weight: only.weight }];
}

/** What differs between a report and the library as it is, and the way to run it again. */
export function SinceReport({ report, space }: Props) {
  const { engine, evaluation, groundTruth, library } = useStores();
  const truth = useStoreValue(groundTruth, (state) => state.reading?.truth);
  const running = useStoreValue(evaluation, (state) => state.running !== undefined);
  const reproduction = useStoreValue(evaluation, (state) => state.reproduction);
  const [changes, setChanges] = useState<readonly Change[]>();
  const key = space?.key;
  const known = useStoreValue(library, (state) => state.spaces);
  const spaces = useMemo(() => spacesOf(report, known, key), [report, known, key]);

  useEffect(() => {
    let current = true;
    setChanges(undefined);
    if (!spaces || !truth) return;
    if (truth.length === 0) {
      setChanges(['data']);
      return;
    }
    void engine.library
      .evaluationState({ truth, spaces })
      .then(
        (now) => changesSince(report, now),
        () => undefined,
      )
      .then((found) => {
        if (current) setChanges(found);
      });
    return () => {
      current = false;
    };
  }, [engine, report, spaces, truth]);

  return (
    <div className={classes.screenOnly}>
      {changes && changes.length > 0 && (
        <Text size="sm" role="status">
          Changed since this report: {changes.map((change) => words[change]).join(', ')}.
        </Text>
      )}
      {!spaces && known.length > 0 && (
        <Text size="sm" role="status">
          This library lacks vectors of{' '}
          {report.descriptors.map(({ extractor }) => extractorLabel(extractor)).join(', ')}: the report cannot be run
          again here.
        </Text>
      )}
      {spaces && (
        <Button
          size="compact-xs"
          variant="default"
          mt={4}
          disabled={running}
          onClick={() => void evaluation.getState().reproduce(spaces)}
        >
          Run again as the report says
        </Button>
      )}
      {reproduction && (
        <Text size="sm" role="status" mt={4}>
          {reproductionWords(reproduction)}
        </Text>
      )}
    </div>
  );
}

function reproductionWords({ missing, difference, sameData }: Reproduction): string {
  if (missing.length > 0) {
    const some = missing.slice(0, 3).join(', ');
    return `${count(missing.length, 'video')} of the report not in this library: ${some}${missing.length > 3 ? ' and others' : ''}. The numbers cannot be compared.`;
  }
  if (difference === undefined) return 'Run again: other metrics came out, so the numbers cannot be compared.';
  const data = sameData ? 'the same labelled videos' : 'the same videos under other paths';
  return difference === 0
    ? `Run again on ${data}: every number is the same.`
    : `Run again on ${data}: numbers differ by at most ${difference.toPrecision(2)}.`;
}
