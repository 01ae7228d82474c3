import { serve } from '../protocol/comlink';
import { postNotices } from '../protocol/worker-notices';
import { createLibrary } from './library/library';

serve(createLibrary());
postNotices();
