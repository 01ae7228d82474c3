import { List, Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { type Advice, adviceOf } from '../../core/classify/advice';
import type { ClassifyReport } from '../../core/classify/classify-report';
import { count, percent, three } from '../descriptor-words';

/** What the numbers of the test say should be done next. */
export function AdviceList({ report }: { readonly report: ClassifyReport }) {
  const advice = useMemo(() => adviceOf(report), [report]);
  return (
    <section aria-labelledby="next">
      <Title order={3} size="h5" mb={8} id="next">
        What to do next
      </Title>
      {advice.length === 0 ? (
        <Text size="sm">Nothing stands out: every category has examples, and none is mostly taken for another.</Text>
      ) : (
        <List size="sm" aria-label="Notes">
          {advice.map((each) => (
            <List.Item key={each.about}>{wordsOf(each)}</List.Item>
          ))}
        </List>
      )}
    </section>
  );
}

const some = (list: readonly string[]) =>
  `${list.slice(0, 5).join(', ')}${list.length > 5 ? ` and ${list.length - 5} more` : ''}`;

function wordsOf(advice: Advice): string {
  switch (advice.about) {
    case 'leakage':
      return `${count(advice.shared, 'test video')} of ${advice.test} come from a source that training saw too: the numbers are better than they would be on new videos. Choose the split by groups.`;
    case 'unseen':
      return `In the test but not in training: ${some(advice.labels)}. ${count(advice.leftOut, 'test video')} without another label left out. Label some for training, or split anew.`;
    case 'few-examples':
      return `Fewer than ${advice.fewer} examples to learn from: ${some(advice.labels)}. Label more of them.`;
    case 'confused':
      return `Often confused: ${advice.pairs
        .map(({ truth, predicted, share }) => `“${truth}” taken for “${predicted}” (${percent(share)} of its videos)`)
        .join('; ')}. Look whether the labels are right, and label more videos that show the difference.`;
    case 'thresholds':
      return `Thresholds chosen on the validation part raise the mean F1 from ${three(advice.f1)} to ${three(advice.best)}, most for ${some(advice.labels)}: choose “best F1” below.`;
    case 'calibration':
      return `Probabilities are off by ${percent(advice.error)} on average, too ${advice.sure ? 'sure' : 'modest'}: take them as an order rather than as shares, or ${advice.sure ? 'raise' : 'lower'} L2.`;
    case 'overfit':
      return `The head tells its own training videos far better (mAP ${three(advice.training)}) than the test (${three(advice.test)}): raise L2 or dropout, hold back a validation part, or label more.`;
    case 'still-rising':
      return `The validation mAP was best in the last epoch, ${advice.epoch}: allow more epochs.`;
    case 'constant':
      return `${count(advice.columns, 'value')} of each vector never vary in training and are ignored.`;
    case 'untested':
      return `Tested on ${advice.test.toLocaleString('en')} examples, evenly picked; ${advice.untested.toLocaleString('en')} more do not fit into memory with so many labels.`;
  }
}
