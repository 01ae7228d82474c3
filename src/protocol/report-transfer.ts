import { transfer } from 'comlink';
import {
  buffersOf,
  isPackedReport,
  isReport,
  type PackedReport,
  packReport,
  unpackReport,
} from '../core/evaluation/packed-report';
import { isListOnItsWay, isLongList, receiveList, sendList } from './list-transfer';
import { inTurns } from './turn';

/** What a call returns, ready to be sent so that the page need not halt for it: a report with its lists packed, a long list
 * in portions. */
export async function packedResult(result: unknown): Promise<unknown> {
  if (isLongList(result)) return sendList(result);
  if (!isReport(result)) return result;
  const packed = await inTurns(packReport(result));
  return transfer(packed, buffersOf(packed) as ArrayBuffer[]);
}

/** What was sent by {@link packedResult}. */
export function unpackedResult(result: unknown): unknown {
  if (isListOnItsWay(result)) return receiveList(result);
  return isPackedReport(result) ? inTurns(unpackReport(result)) : result;
}

/** Arguments of a call whose members may be reports; undefined where none is. */
export function packedArguments(args: readonly unknown[]): Promise<unknown[]> | undefined {
  if (!args.some((arg) => membersOf(arg).some(isReport))) return undefined;
  return Promise.all(
    args.map(async (arg) => {
      const packed: PackedReport[] = [];
      const sent = await mapMembers(arg, async (member) => {
        if (!isReport(member)) return member;
        const own = await inTurns(packReport(member));
        packed.push(own);
        return own;
      });
      return packed.length > 0 ? transfer(sent as object, packed.flatMap(buffersOf) as ArrayBuffer[]) : sent;
    }),
  );
}

/** Arguments as they were before {@link packedArguments}; undefined where none was packed. */
export function unpackedArguments(args: readonly unknown[]): Promise<unknown[]> | undefined {
  if (!args.some((arg) => membersOf(arg).some(isPackedReport))) return undefined;
  return Promise.all(args.map((arg) => mapMembers(arg, unpackedResult)));
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

const membersOf = (arg: unknown): unknown[] => (isPlain(arg) ? Object.values(arg) : []);

async function mapMembers(arg: unknown, change: (member: unknown) => unknown): Promise<unknown> {
  if (!isPlain(arg) || !membersOf(arg).some((member) => isReport(member) || isPackedReport(member))) return arg;
  const members = await Promise.all(
    Object.entries(arg).map(async ([key, member]) => [key, await change(member)] as const),
  );
  return Object.fromEntries(members);
}
