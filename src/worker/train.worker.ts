import { serve } from '../protocol/comlink';
import type { TrainApi } from '../protocol/train-api';
import { postNotices } from '../protocol/worker-notices';
import { createTraining } from './classify/training';
import { createProjecting } from './map/project';

serve<TrainApi>({ ...createTraining(), ...createProjecting() });
postNotices();
