/** Where a text stops being JSON, and why: ` (line 3, column 14: value expected)`. */
export async function syntaxFault(text: string): Promise<string> {
  const { visit, printParseErrorCode } = await import('jsonc-parser');
  let fault = '';
  visit(
    text,
    {
      onError(code, _offset, _length, line, column) {
        const words = printParseErrorCode(code).replace(/([a-z])([A-Z])/g, '$1 $2');
        fault ||= ` (line ${line + 1}, column ${column + 1}: ${words.toLowerCase()})`;
      },
    },
    { disallowComments: true },
  );
  return fault;
}

/** Line, from 1, of a member of a JSON text: `summary[3].micro`. Of the nearest one around it, where it is absent. */
export async function lineOf(text: string, path: string): Promise<number | undefined> {
  const { visit } = await import('jsonc-parser');
  const wanted = path.match(/[^.[\]]+/g) ?? [];
  let deepest = -1;
  let found: number | undefined;
  const look = (own: readonly (string | number)[], line: number) => {
    if (own.length <= deepest || own.length > wanted.length) return;
    if (own.every((segment, i) => String(segment) === wanted[i])) {
      deepest = own.length;
      found = line + 1;
    }
  };
  visit(text, {
    onObjectBegin: (_offset, _length, line, _column, at) => look(at(), line),
    onArrayBegin: (_offset, _length, line, _column, at) => look(at(), line),
    onLiteralValue: (_value, _offset, _length, line, _column, at) => look(at(), line),
  });
  return found;
}
