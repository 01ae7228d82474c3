// The published types name Node's and the DOM's globals, which core must not see.
declare module 'papaparse' {
  type ParseConfig = { delimiter: string; newline: '\n'; preview?: number };
  const papa: {
    /** Low level, but exported: what papaparse's own streamers hand their pieces to. */
    Parser: new (
      config: ParseConfig,
    ) => {
      /** With `ignoreLastRow` the record that the input ends in is left; `meta.cursor` is where it begins. */
      parse(
        input: string,
        baseIndex: number,
        ignoreLastRow: boolean,
      ): {
        readonly data: string[][];
        readonly errors: readonly { readonly code: string; readonly row?: number }[];
        readonly meta: { readonly cursor: number };
      };
    };
    parse(text: string, config: ParseConfig): { readonly data: string[][] };
    unparse(
      rows: readonly (readonly (string | number)[])[],
      config: { escapeFormulae: RegExp; newline: '\n' | '\r\n' },
    ): string;
  };
  export default papa;
}
