import { transfer } from 'comlink';

/** Members that one message carries: a thread takes these in within some milliseconds, where a hundred thousand would
 * halt it for seconds. */
const portion = 256;

/** A long list on its way to the other thread: its members come through the port, portion by portion. */
type ListOnItsWay = { readonly portions: MessagePort; readonly length: number };

export function isLongList(value: unknown): value is readonly object[] {
  return Array.isArray(value) && value.length > portion && typeof value[0] === 'object';
}

export function isListOnItsWay(value: unknown): value is ListOnItsWay {
  return typeof value === 'object' && value !== null && 'portions' in value && value.portions instanceof MessagePort;
}

/** Sends the members, and gives what {@link receiveList} needs. */
export function sendList(list: readonly object[]): ListOnItsWay {
  const { port1, port2 } = new MessageChannel();
  for (let from = 0; from < list.length; from += portion) port1.postMessage(list.slice(from, from + portion));
  return transfer({ portions: port2, length: list.length }, [port2]);
}

/** The list once all of it is there; other tasks of this thread come between two portions. */
export function receiveList({ portions, length }: ListOnItsWay): Promise<object[]> {
  return new Promise((resolve) => {
    const list: object[] = [];
    portions.onmessage = ({ data }: MessageEvent<object[]>) => {
      list.push(...data);
      if (list.length < length) return;
      portions.close();
      resolve(list);
    };
  });
}
