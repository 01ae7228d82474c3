/** Name of the operator that ONNX Runtime says it cannot run, or undefined for any other failure.
 * Seen: `ERROR_CODE: 9, … Could not find an implementation for Cast(13) node with name 'x'` (a kernel left out of the
 * web build) and `No Op registered for Foo with domain_version of 13`. */
export function operatorMissing(error: unknown): string | undefined {
  const message = error instanceof Error ? error.message : String(error);
  const found =
    /find an implementation for (?:the node )?(?:\S+:)?([A-Za-z0-9_.]+)\s*\(/.exec(message) ??
    /No Op(?:Schema)? registered for ([A-Za-z0-9_.]+)/i.exec(message) ??
    /([A-Za-z0-9_.]+)\(-?\d+\) is not a registered function\/op/.exec(message);
  if (found) return found[1];
  return /ERROR_CODE: 9\b/.test(message) ? 'unknown' : undefined;
}
