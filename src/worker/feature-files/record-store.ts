/** A file that is written and read at any place. */
export type ScratchFile = {
  write(bytes: Uint8Array, at: number): void;
  read(out: Uint8Array, at: number): void;
  close(): void;
};

/** Records of one size: added one after the other, then read in any order. */
export type RecordStore = {
  readonly count: number;
  add(record: Uint8Array): void;
  /** Call now and then while adding: moves what is too much for memory to a file. */
  settle(): Promise<void>;
  read(record: number, out: Uint8Array): void;
  close(): void;
};

const blockBytes = 4 * 1024 ** 2;

/** Keeps the first `inMemory` bytes in memory and the rest in a file that `openScratch` gives. */
export function createRecordStore(
  recordBytes: number,
  { inMemory, openScratch }: { readonly inMemory: number; readonly openScratch: () => Promise<ScratchFile> },
): RecordStore {
  const inBlock = Math.max(1, Math.floor(blockBytes / recordBytes));
  const kept = Math.max(1, Math.floor(inMemory / (inBlock * recordBytes)));
  const blocks: (Uint8Array | undefined)[] = [];
  let count = 0;
  let spilled = kept;
  let scratch: ScratchFile | undefined;
  const placeOf = (block: number) => (block - kept) * inBlock * recordBytes;
  return {
    get count() {
      return count;
    },
    add(record) {
      const block = Math.floor(count / inBlock);
      const bytes = blocks[block] ?? new Uint8Array(inBlock * recordBytes);
      blocks[block] = bytes;
      bytes.set(record, (count % inBlock) * recordBytes);
      count++;
    },
    async settle() {
      const full = Math.floor(count / inBlock);
      for (; spilled < full; spilled++) {
        scratch ??= await openScratch();
        scratch.write(blocks[spilled] as Uint8Array, placeOf(spilled));
        blocks[spilled] = undefined;
      }
    },
    read(record, out) {
      const block = Math.floor(record / inBlock);
      const from = (record % inBlock) * recordBytes;
      const bytes = blocks[block];
      if (bytes) out.set(bytes.subarray(from, from + recordBytes));
      else scratch?.read(out, placeOf(block) + from);
    },
    close() {
      scratch?.close();
    },
  };
}
