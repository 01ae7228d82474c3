import { sha256 } from 'hash-wasm';
import { modelStore, whileWriting } from '../model-store';
import type { EightBitCopy } from './eight-bit-copy';

/** What is known of a kept 8-bit copy. */
export type KeptCopy = Omit<EightBitCopy, 'content'> & {
  /** SHA-256 of the network that it is a copy of, hex. */
  readonly of: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly inUse: boolean;
};

const nameOf = (file: string) => `${file}.8-bit`;

/** The 8-bit copies of model files, one each, beside them in the app's own store. `file` is the network's own name. */
export const keptCopies = {
  find: (file: string): Promise<KeptCopy | undefined> => modelStore.note<KeptCopy>(nameOf(file)),

  /** The copy of just this network, where it is in use. */
  async load(file: string, of: string): Promise<(KeptCopy & { readonly content: Uint8Array }) | undefined> {
    const known = await keptCopies.find(file);
    if (!known?.inUse || known.of !== of) return undefined;
    const content = await modelStore.content(nameOf(file));
    return content?.length === known.bytes ? { ...known, content } : undefined;
  },

  /** Keeps a copy, in use from now on. Errors: `storage-full`. */
  async keep(file: string, of: string, { content, ...facts }: EightBitCopy): Promise<void> {
    const note: KeptCopy = { ...facts, of, sha256: await sha256(content), bytes: content.length, inUse: true };
    await whileWriting(nameOf(file), async () => {
      const pending = await modelStore.begin(nameOf(file));
      try {
        await pending.write(content);
        await pending.commit(note);
      } catch (error) {
        await pending.discard();
        throw error;
      }
    });
  },

  async use(file: string, inUse: boolean): Promise<void> {
    await whileWriting(nameOf(file), async () => {
      const known = await keptCopies.find(file);
      if (known) await modelStore.keepNote(nameOf(file), { ...known, inUse });
    });
  },

  remove: (file: string): Promise<void> => whileWriting(nameOf(file), () => modelStore.remove(nameOf(file))),
};
