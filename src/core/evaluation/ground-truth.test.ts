import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import { type GroundTruthRow, labelsFromNames } from './ground-truth';
import { labelsReader, textEncodingOf, toLabelsCsv } from './labels-csv';
import { matchRows } from './match-rows';
import { parseUcf101Lists, ucf101ListKind } from './ucf101-splits';

function parseLabelsCsv(...pieces: readonly string[]) {
  const reader = labelsReader();
  for (const piece of pieces) reader.push(piece);
  return reader.finish();
}

function resultOf<Result>(steps: Generator<unknown, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

const readLists = (files: Parameters<typeof parseUcf101Lists>[0]) => resultOf(parseUcf101Lists(files));

describe('labels CSV', () => {
  test.each([
    ['comma', 'Video File,Label\na/b.mp4,One|Two\n'],
    ['semicolon, other case and order', 'LABEL;video file\r\nOne | Two;a/b.mp4\r\n'],
    ['tab and byte order mark', '\ufeffVideo_File\tLabel\ra/b.mp4\tOne|Two\r'],
    ['quotes and blank lines', '"Video File","Label"\n\n"a/b.mp4","One|Two"\n\n'],
  ])('reads %s', (_, text) => {
    const { rows, issues } = parseLabelsCsv(text);
    expect(issues).toEqual([]);
    expect(rows).toMatchObject([{ path: 'a/b.mp4', labels: ['One', 'Two'] }]);
  });

  test('reads every column, and names those it does not know', () => {
    const text = 'Video File,Label,Group,Split,Title,Description,Tags,Colour\na.mp4,X,g1,Train,T,"D, ""d""",u|v,red\n';
    expect(parseLabelsCsv(text)).toEqual({
      rows: [
        {
          line: 2,
          path: 'a.mp4',
          labels: ['X'],
          group: 'g1',
          split: 'train',
          title: 'T',
          description: 'D, "d"',
          tags: ['u', 'v'],
        },
      ],
      issues: [],
      ignoredColumns: ['Colour'],
    });
  });

  test('names line and reason of each row it could not take as it stood', () => {
    const text = [
      'Video File,Label,Split',
      'a.mp4,"two\nlines",train',
      'b.mp4,',
      ',X',
      'c.mp4,X,train,more',
      'a.mp4,Other',
      'd.mp4,X,dev',
      './d.mp4,X',
      'e.mp4,"X',
      'f.mp4,X',
    ].join('\n');
    const { rows, issues } = parseLabelsCsv(text);
    expect(rows.map(({ path, line }) => [path, line])).toEqual([
      ['a.mp4', 2],
      ['b.mp4', 4],
      ['d.mp4', 8],
    ]);
    expect(issues.map(({ code, line }) => [code, line])).toEqual([
      ['no-label', 4],
      ['no-path', 5],
      ['columns', 6],
      ['conflict', 7],
      ['split', 8],
      ['duplicate', 9],
      ['quotes', 10],
    ]);
  });

  test.each(['', 'a.mp4,X\n', 'Video File|Label\na.mp4|X', 'Video,Label\na,b'])(
    'says what is wrong with the header of %j',
    (text) => {
      expect(parseLabelsCsv(text)).toMatchObject({ rows: [], issues: [{ code: 'header', line: 1 }] });
    },
  );

  test('labels and paths may be names of object members', () => {
    const { rows } = parseLabelsCsv('Video File,Label\n__proto__,constructor|__proto__\ntoString,hasOwnProperty');
    expect(rows.map(({ path, labels }) => [path, labels])).toEqual([
      ['__proto__', ['constructor', '__proto__']],
      ['toString', ['hasOwnProperty']],
    ]);
  });

  test('no formula survives an export, and every cell comes back', () => {
    const cell = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom('=cmd|x', '+1', '-1', '@a', "'=x", "''=x", 'a"b', 'a;b', '\uff1d1', '=a\nb', ' =1'),
    );
    const word = cell
      .map((text) => text.trim())
      .filter((text) => text !== '' && !text.includes('|') && !/[\r\ufeff]/.test(text));
    fc.assert(
      fc.property(
        fc.uniqueArray(
          word.filter((text) => /[a-z]/.test(text) && !/[/\\.]/.test(text)),
          { selector: (text) => text.normalize('NFC') },
        ),
        word,
        (paths, label) => {
          const rows = paths.map((path) => ({ path, labels: [label], title: label, tags: [] }));
          const text = toLabelsCsv(rows);
          const expected = rows.map((row) => expect.objectContaining(row));
          expect(parseLabelsCsv(text).rows).toEqual(expected);
          const cells = papa.parse(text, { delimiter: ',', newline: '\n' }).data.flat();
          expect(cells.filter((each) => /^\s*[=+\-@]/.test(each))).toEqual([]);
        },
      ),
    );
    expect(toLabelsCsv([{ path: '=cmd|a', labels: ['-x'], tags: [] }])).toBe(
      `Video File,Label,Group,Split,Title,Description,Tags\r\n"'=cmd|a","'-x",,,,,\r\n`,
    );
  });

  test('formulas behind semicolons, tabs and line ends are marked, and read back as they were', () => {
    const parts = fc.array(fc.constantFrom(';', '\t', '\n', '"', "'", ' ', '=', '@', '-1', 'a', ','), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(parts, (chosen) => {
        const label = `x${chosen.join('')}x`;
        const text = toLabelsCsv([{ path: 'p', labels: [label], tags: [] }]);
        expect(parseLabelsCsv(text).rows.map(({ labels }) => labels)).toEqual([[label]]);
        for (const delimiter of [';', '\t'])
          for (const cell of text.split(/\r?\n/).flatMap((line) => line.split(delimiter)))
            expect(cell).not.toMatch(/^["\s]*[=+\-@]/);
      }),
    );
    expect(toLabelsCsv([{ path: 'a;=cmd|x', labels: [], tags: [] }])).toContain("a;'=cmd|x");
  });

  test('means the same wherever it is cut, but for the header', () => {
    const header = 'Video File,Label,Title\r\n';
    const part = fc.constantFrom('a.mp4', 'b/c.mp4', ',', '"', '""', '\n', '\r\n', '\r', ' ', 'X', "'=1");
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), fc.array(fc.nat(80), { maxLength: 6 }), (parts, cuts) => {
        const body = parts.join('');
        const ends = [...cuts, body.length].sort((a, b) => a - b);
        const pieces = ends.map((end, i) => body.slice(ends[i - 1] ?? 0, end));
        expect(parseLabelsCsv(header, ...pieces)).toEqual(parseLabelsCsv(header + body));
      }),
    );
  });

  test('a stray quote costs its own line alone', () => {
    const text = 'Video File,Label\n"abc"def.avi,Foo\nx.avi,Foo\n"y.avi",Bar\n"k ""1"", l.avi","A\nB"\nz.avi,Q';
    const { rows, issues } = parseLabelsCsv(text);
    expect(rows.map(({ path, labels, line }) => [line, path, ...labels])).toEqual([
      [2, '"abc"def.avi', 'Foo'],
      [3, 'x.avi', 'Foo'],
      [4, 'y.avi', 'Bar'],
      [5, 'k "1", l.avi', 'A\nB'],
      [7, 'z.avi', 'Q'],
    ]);
    expect(issues).toMatchObject([{ code: 'quotes', line: 2 }]);
    for (let cut = text.indexOf('\n'); cut < text.length; cut++) {
      const pieces = parseLabelsCsv(text.slice(0, cut), text.slice(cut));
      expect(pieces.rows.map(({ path }) => path)).toEqual(rows.map(({ path }) => path));
      expect(pieces.issues).toEqual(issues);
    }
  });

  test.each(['"a"b.avi,X', '"a"b.avi,X\n', '"a"b.avi",X', 'a.avi,"X"y\n"b.avi",X'])('reads %j to its end', (body) => {
    const { rows, issues } = parseLabelsCsv(`Video File,Label\n${body}\nlast.avi,X`);
    expect(rows.at(-1)?.path).toBe('last.avi');
    expect(rows).toHaveLength(body.split('\n').filter(Boolean).length + 1);
    expect(issues).toMatchObject([{ code: 'quotes', line: 2 }]);
  });

  test('a file whose every line has a stray quote is read in linear time', () => {
    const body = Array.from({ length: 20_000 }, (_, i) => `"a"${i}.avi,X`).join('\n');
    const { rows, issues } = parseLabelsCsv(`Video File,Label\n${body}`);
    expect([rows.length, issues.length]).toEqual([20_000, 20_000]);
  });

  test('a quote that is left open swallows a million characters at most', () => {
    const reader = labelsReader();
    expect(reader.push('Video File,Label\na.mp4,X\n"b.mp4,X\n')).toBe(true);
    let pieces = 0;
    while (reader.push('c.mp4,X\n'.repeat(10_000))) pieces++;
    expect(pieces).toBeLessThan(20);
    const { rows, issues } = reader.finish();
    expect(rows.map(({ path }) => path)).toEqual(['a.mp4']);
    expect(issues).toMatchObject([{ code: 'quotes', line: 3 }]);
  });
});

test('encodings by mark or by zero bytes', () => {
  expect(textEncodingOf(Uint8Array.of(0xff, 0xfe, 86, 0))).toBe('utf-16le');
  expect(textEncodingOf(Uint8Array.of(0xfe, 0xff, 0, 86))).toBe('utf-16be');
  expect(textEncodingOf(Uint8Array.of(86, 0, 105, 0))).toBe('utf-16le');
  expect(textEncodingOf(Uint8Array.of(0xef, 0xbb, 0xbf, 86))).toBe('utf-8');
  expect(textEncodingOf(new Uint8Array())).toBe('utf-8');
});

describe('UCF101 lists', () => {
  const classes = { name: 'classInd.txt', text: '1 Archery\r\n2 YoYo\r\n' };
  const train = { name: 'trainlist01.txt', text: 'Archery/v_Archery_g08_c01.avi 1\nYoYo/v_YoYo_g09_c01.avi 2\n' };
  const testing = { name: 'testlist01.txt', text: 'YoYo/v_YoYo_g01_c01.avi\n' };

  test('are told apart from each other and from a CSV', () => {
    expect([classes, train, testing].map(({ text }) => ucf101ListKind(text))).toEqual(['classes', 'train', 'test']);
    expect(ucf101ListKind('Video File,Label\na.avi,1')).toBeUndefined();
  });

  test('give rows with label, group and split', () => {
    expect(readLists([testing, train, classes])).toEqual({
      rows: [
        {
          line: 1,
          file: 'testlist01.txt',
          path: 'YoYo/v_YoYo_g01_c01.avi',
          labels: ['YoYo'],
          group: 'YoYo_g01',
          split: 'test',
          tags: [],
        },
        {
          line: 1,
          file: 'trainlist01.txt',
          path: 'Archery/v_Archery_g08_c01.avi',
          labels: ['Archery'],
          group: 'Archery_g08',
          split: 'train',
          tags: [],
        },
        {
          line: 2,
          file: 'trainlist01.txt',
          path: 'YoYo/v_YoYo_g09_c01.avi',
          labels: ['YoYo'],
          group: 'YoYo_g09',
          split: 'train',
          tags: [],
        },
      ],
      issues: [],
      ignoredColumns: [],
    });
  });

  test('name the file and line of what does not fit', () => {
    const odd = { name: 'trainlist02.txt', text: 'YoYo/v_YoYo_g01_c01.avi 1\nnonsense here and there\n' };
    const { issues } = readLists([classes, testing, odd, { name: 'notes.txt', text: 'hello there world' }]);
    expect(issues.map(({ code, line, file }) => [code, line, file])).toEqual([
      ['class-index', 1, 'trainlist02.txt'],
      ['conflict', 1, 'trainlist02.txt'],
      ['line', 2, 'trainlist02.txt'],
      ['header', 1, 'notes.txt'],
    ]);
  });
});

const official = new URL('../../../../shared/videos/ucf101-splits/', import.meta.url);

test.skipIf(!existsSync(official))('the official lists, where the shared videos lie beside the checkout', () => {
  for (const [split, queries] of [
    [1, 3783],
    [2, 3734],
    [3, 3696],
  ] as const) {
    const files = ['classInd.txt', `trainlist0${split}.txt`, `testlist0${split}.txt`];
    const { rows, issues } = readLists(
      files.map((name) => ({ name, text: readFileSync(new URL(name, official), 'utf8') })),
    );
    expect(issues).toEqual([]);
    expect(rows).toHaveLength(13_320);
    expect(rows.filter((row) => row.split === 'test')).toHaveLength(queries);
    expect(new Set(rows.flatMap(({ labels }) => labels)).size).toBe(101);
  }
});

test('a class is spelt as its folder is', () => {
  const list = { name: 'trainlist01.txt', text: 'HandstandPushups/v_HandStandPushups_g08_c01.avi 37\n' };
  const { rows } = readLists([{ name: 'classInd.txt', text: '37 HandstandPushups\n' }, list]);
  const [named, alone] = labelsFromNames([rows[0]?.path ?? '', 'v_HandStandPushups_g08_c01.avi']);
  expect([rows[0]?.labels, named?.labels, alone?.labels]).toEqual([
    ['HandstandPushups'],
    ['HandstandPushups'],
    ['HandStandPushups'],
  ]);
  expect(new Set([rows[0]?.group, named?.group, alone?.group])).toEqual(new Set(['HandStandPushups_g08']));
});

test('lists with backslashes are read as those with slashes', () => {
  const { rows } = readLists([{ name: 'testlist01.txt', text: 'YoYo\\v_YoYo_g01_c01.avi\n' }]);
  expect(rows).toMatchObject([{ labels: ['YoYo'], group: 'YoYo_g01' }]);
});

test('labels from names', () => {
  expect(labelsFromNames(['UCF101/YoYo/v_YoYo_g01_c02.avi', 'set/Diving/a.mp4', 'alone.mp4'])).toEqual([
    { line: 0, path: 'UCF101/YoYo/v_YoYo_g01_c02.avi', labels: ['YoYo'], group: 'YoYo_g01', tags: [] },
    { line: 0, path: 'set/Diving/a.mp4', labels: ['Diving'], tags: [] },
  ]);
});

test('files of one folder lie in one folder', () => {
  const row = (line: number, path: string): GroundTruthRow => ({ line, path, labels: ['x'], tags: [] });
  const video = (path: string) => ({ id: path, path, locations: [] });
  const matched = (paths: readonly string[], library: readonly string[]) => {
    const found = resultOf(
      matchRows(
        paths.map((path, i) => row(i + 2, path)),
        library.map(video),
      ),
    );
    expect([found.ambiguous, found.contested]).toEqual([[], []]);
    return [found.matched.map(({ row: { path }, id }) => `${path} is ${id}`), found.missing.map(({ path }) => path)];
  };
  expect(matched(['A/001.avi', 'B/001.avi', 'C/001.avi', 'B/002.avi'], ['A/001.avi', 'A/002.avi'])).toEqual([
    ['A/001.avi is A/001.avi'],
    ['B/001.avi', 'C/001.avi', 'B/002.avi'],
  ]);
  // Another root, or none, says nothing of another folder.
  expect(matched(['UCF-101/Archery/v_x.avi'], ['ucf101/Archery/v_x.avi'])[1]).toEqual([]);
  expect(matched(['/data/v/v_x.avi', '/data/v/v_y.avi'], ['clips/v_x.avi', 'clips/v_y.avi'])[1]).toEqual([]);
  expect(matched(['A/001.avi', '002.avi'], ['all/A/001.avi', 'all/A/002.avi'])[1]).toEqual([]);
  expect(matched(['all/A/001.avi', 'more/all/A/002.avi'], ['A/001.avi', 'A/002.avi'])[1]).toEqual([]);
});

test('each row ends in exactly one list', () => {
  const row = (line: number, path: string): GroundTruthRow => ({ line, path, labels: ['x'], tags: [] });
  const rows = [
    row(2, 'data/A/a.avi'),
    row(3, 'data/B/a.avi'),
    row(4, 'b.avi'),
    row(5, 'none.avi'),
    row(6, 'P/c.avi'),
    row(7, 'Q/c.avi'),
  ];
  const video = (id: string, path: string) => ({ id, path, locations: [] });
  const library = [video('1', 'A/a.avi'), video('2', 'X/b.avi'), video('3', 'Y/b.avi'), video('4', 'c.avi')];
  expect(resultOf(matchRows(rows, library))).toEqual({
    matched: [{ row: rows[0], id: '1' }],
    missing: [rows[1], rows[3]],
    ambiguous: [{ row: rows[2], candidates: ['3', '2'] }],
    contested: [
      { row: rows[4], id: '4', line: 7 },
      { row: rows[5], id: '4', line: 6 },
    ],
  });
});
