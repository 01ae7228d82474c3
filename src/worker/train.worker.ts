import { serve } from '../protocol/comlink';
import { postNotices } from '../protocol/worker-notices';
import { createTraining } from './classify/training';

serve(createTraining());
postNotices();
