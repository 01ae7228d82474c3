// The published types name Node's and the DOM's globals, which core must not see.
declare module 'papaparse' {
  export type ParseError = { readonly code: string; readonly row?: number };
  const papa: {
    parse(
      text: string,
      config: { delimiter: string; newline: '\n'; preview?: number },
    ): { readonly data: string[][]; readonly errors: readonly ParseError[] };
    unparse(
      rows: readonly (readonly (string | number)[])[],
      config: { escapeFormulae: RegExp; newline: '\n' | '\r\n' },
    ): string;
  };
  export default papa;
}
