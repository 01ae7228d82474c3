import { type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import { once } from '../../core/async';
import { AppError, type ErrorDetails } from '../../core/errors';
import { migrate, migrations } from './migrations';
import { type PackFiles, privatePackFiles } from './pack-files';
import type { Schema, StoreName } from './schema';

type Mode = 'readonly' | 'readwrite';
export type Transaction<M extends Mode> = IDBPTransaction<Schema, StoreName[], M>;

export type RunOptions = {
  /** `relaxed` for what can be made again. Default `strict`: the disk has it when the promise resolves. */
  readonly durability?: 'strict' | 'relaxed';
};

/** How long another tab may take to let go of an older version, milliseconds. */
const blockedPatience = 5000;

/** The IndexedDB database, opened on first use and again after a forced close. */
export class Database {
  readonly #name: string;
  /** Called when the browser closed the connection by itself: what was read may be gone, as after clearing site data. */
  onLost: () => void = () => undefined;
  #connection: IDBPDatabase<Schema> | undefined;
  #open: () => Promise<IDBPDatabase<Schema>>;

  constructor(
    name: string,
    readonly packFiles: PackFiles = privatePackFiles(name),
  ) {
    this.#name = name;
    this.#open = once(() => this.#connect());
  }

  read<T>(stores: readonly StoreName[], body: (transaction: Transaction<'readonly'>) => Promise<T>): Promise<T> {
    return this.#run(stores, 'readonly', body, {});
  }

  /** Runs `body` in one transaction: all of it is stored, or nothing. It may run twice, and awaits nothing but the
   * transaction's own requests. Errors: `storage-full`, `storage-unavailable`, and any AppError of the body's. */
  write<T>(
    stores: readonly StoreName[],
    body: (transaction: Transaction<'readwrite'>) => Promise<T>,
    options: RunOptions = {},
  ): Promise<T> {
    return this.#run(stores, 'readwrite', body, options);
  }

  close(): void {
    this.#connection?.close();
    this.#forget();
  }

  async #run<M extends Mode, T>(
    stores: readonly StoreName[],
    mode: M,
    body: (transaction: Transaction<M>) => Promise<T>,
    options: RunOptions,
  ): Promise<T> {
    try {
      return await this.#attempt(stores, mode, body, options);
    } catch (error) {
      if (!isLostConnection(error)) throw await this.#asAppError(error);
      this.close();
    }
    try {
      return await this.#attempt(stores, mode, body, options);
    } catch (error) {
      throw await this.#asAppError(error);
    }
  }

  async #attempt<M extends Mode, T>(
    stores: readonly StoreName[],
    mode: M,
    body: (transaction: Transaction<M>) => Promise<T>,
    { durability = 'strict' }: RunOptions,
  ): Promise<T> {
    const database = await this.#open();
    const transaction = database.transaction([...stores], mode, mode === 'readwrite' ? { durability } : {});
    const done = transaction.done.then(
      () => undefined,
      (reason: unknown) => ({ reason }),
    );
    try {
      const result = await body(transaction);
      const failure = await done;
      if (failure) throw failure.reason;
      return result;
    } catch (error) {
      try {
        transaction.abort();
      } catch {
        // It has ended by itself.
      }
      // A request of an aborted transaction only says that it was aborted; the transaction knows why.
      const failure = await done;
      throw isNamed(error, 'AbortError') && failure?.reason ? failure.reason : error;
    }
  }

  async #connect(): Promise<IDBPDatabase<Schema>> {
    if (!globalThis.indexedDB) throw new AppError('storage-unavailable', 'This browser gives the site no storage');
    let timer: ReturnType<typeof setTimeout> | undefined;
    let giveUp: (reason: AppError) => void = () => undefined;
    const blocked = new Promise<never>((_, reject) => {
      giveUp = reject;
    });
    const opening = openDB<Schema>(this.#name, migrations.length, {
      upgrade: (database, from, _to, transaction) => {
        migrate(database, from, transaction as never).catch(() => transaction.abort());
      },
      blocked: () => {
        const reason = new AppError('storage-unavailable', 'Another tab holds an older version of the library');
        timer ??= setTimeout(giveUp, blockedPatience, reason);
      },
      // A newer version of the app waits in another tab: let it in. The next call here says so.
      blocking: () => this.close(),
      terminated: () => {
        this.#forget();
        this.onLost();
      },
    });
    // The open goes on after the patience has ended: nobody else would close what comes of it.
    blocked.catch(() => opening.then((database) => database.close()).catch(() => undefined));
    try {
      this.#connection = await Promise.race([opening, blocked]);
      return this.#connection;
    } finally {
      clearTimeout(timer);
    }
  }

  async #asAppError(cause: unknown): Promise<unknown> {
    if (isNamed(cause, 'QuotaExceededError')) {
      const message = 'The browser gives this site no more room';
      return new AppError('storage-full', message, await this.#room(), { cause });
    }
    if (isNamed(cause, 'VersionError')) {
      const message = 'Another tab runs a newer version; reload this one';
      return new AppError('storage-unavailable', message, {}, { cause });
    }
    if (cause instanceof DOMException) {
      return new AppError('storage-unavailable', `The browser's storage failed: ${cause.message}`, {}, { cause });
    }
    return cause;
  }

  /** How much is in use, and how much of it `freeProxies` would give back, bytes. */
  async #room(): Promise<ErrorDetails> {
    const { usage = 0, quota = 0 } = (await globalThis.navigator?.storage?.estimate?.()) ?? {};
    const proxies = await this.#attempt(['proxies'], 'readonly', (tx) => tx.objectStore('proxies').getAll(), {}).catch(
      () => [],
    );
    return { usage, quota, proxies: proxies.reduce((sum, { blob }) => sum + blob.size, 0) };
  }

  #forget(): void {
    this.#connection = undefined;
    this.#open = once(() => this.#connect());
  }
}

function isNamed(error: unknown, ...names: string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}

function isLostConnection(error: unknown): boolean {
  return !(error instanceof AppError) && isNamed(error, 'InvalidStateError', 'AbortError', 'UnknownError');
}
