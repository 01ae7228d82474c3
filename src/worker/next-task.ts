/** Resolves once the messages that wait for this thread were received, a cancel among them. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
