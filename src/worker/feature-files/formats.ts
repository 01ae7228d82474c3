import { csvFeatures } from './csv-features';
import { type FeatureFormat, unsound } from './example';
import { hdf5Features } from './hdf5-features';
import { npzFeatures } from './npz-features';
import { tfRecordFeatures } from './tfrecord-features';

/** Every sort of file that can be read, the surest signs first. */
const formats: readonly FeatureFormat[] = [hdf5Features, npzFeatures, tfRecordFeatures, csvFeatures];

/** Told by how the file begins; by its name where it begins as none but text may, for the reader of that sort to say what
 * is wrong. Errors: `features-file-invalid`. */
export async function formatOf(file: File): Promise<FeatureFormat> {
  if (file.size === 0) throw unsound('the file is empty');
  const head = new Uint8Array(await file.slice(0, 64).arrayBuffer());
  const format =
    formats.find(({ named, begins }) => named && begins(head)) ??
    formats.find(({ named }) => named?.test(file.name)) ??
    formats.find(({ begins }) => begins(head));
  if (format) return format;
  throw unsound(`it begins as none of these do: ${formats.map(({ name }) => name).join(', ')}`);
}
