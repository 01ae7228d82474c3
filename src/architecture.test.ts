import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';

const sourceRoot = import.meta.dirname;

/** Who may import whom. A layer may always import itself, unless `siblings` forbids its folders to import each other. */
const layers: Record<string, { imports: readonly string[]; siblings?: 'apart' }> = {
  core: { imports: [] },
  extractors: { imports: ['core'], siblings: 'apart' },
  protocol: { imports: ['core', 'extractors'] },
  worker: { imports: ['core', 'extractors', 'protocol'] },
  state: { imports: ['core', 'extractors', 'protocol'] },
  ui: { imports: ['core'] },
  pages: { imports: ['core', 'extractors', 'state', 'ui'], siblings: 'apart' },
  app: { imports: ['core', 'extractors', 'protocol', 'worker', 'state', 'ui', 'pages'] },
  main: { imports: ['app'] },
};

/** Packages that one layer alone may name. */
const packageHomes: Record<string, string> = {
  'onnxruntime-web': 'worker',
  '@ffmpeg/ffmpeg': 'worker',
  '@ffmpeg/core': 'worker',
  mediabunny: 'worker',
  idb: 'worker',
  '@jax-js/jax': 'worker',
  recharts: 'ui',
  zustand: 'state',
};

/** Extractors are seen from pages and app only as cards: the registry, the types, the options and the list of
 * files. */
const cardsOnly = new Set(['pages', 'app', 'state', 'protocol']);
const cardFiles = new Set([
  'extractors/registry',
  'extractors/extractor',
  'extractors/options',
  'extractors/model-files',
]);

type Source = { readonly path: string; readonly code: string };

function sources(folder = sourceRoot): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) ? [path] : [];
  });
}

function importsOf({ path, code }: Source): string[] {
  const { module, errors } = parseSync(path, code);
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message}`);
  const dynamic = module.dynamicImports.flatMap(({ moduleRequest }) => {
    const text = code.slice(moduleRequest.start, moduleRequest.end);
    return /^['"`]/.test(text) ? [text.slice(1, -1)] : [];
  });
  const exported = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest }) => (moduleRequest ? [moduleRequest.value] : [])),
  );
  // Workers are named by URL: new Worker(new URL('…', import.meta.url)).
  const urls = [...code.matchAll(/new URL\(\s*'(\.[^']+)',\s*import\.meta\.url/g)].map((match) => match[1] as string);
  return [...module.staticImports.map(({ moduleRequest }) => moduleRequest.value), ...dynamic, ...exported, ...urls];
}

/** Breaches of the direction rule in one file, in words. `path` is relative to `src`. */
function breaches(source: Source): string[] {
  const path = source.path.replaceAll('\\', '/');
  const [layer = '', folder = ''] = path.split('/');
  const home = layer.replace(/\.tsx?$/, '');
  const rule = layers[home];
  if (!rule) return [`${path}: lies in no known layer`];
  return importsOf(source).flatMap((specifier) => {
    if (!specifier.startsWith('.')) {
      const name = specifier.startsWith('@')
        ? specifier.split('/').slice(0, 2).join('/')
        : (specifier.split('/')[0] ?? '');
      const owner = packageHomes[name];
      return owner && owner !== home ? [`${path}: only ${owner} may import ${name}`] : [];
    }
    const target = relative(sourceRoot, resolve(sourceRoot, dirname(path), specifier)).replaceAll('\\', '/');
    if (target.startsWith('..')) return [];
    const [targetLayer = '', targetFolder = ''] = target.split('/');
    if (targetLayer === home) {
      const crosses = rule.siblings === 'apart' && target.split('/').length > 2 && folder !== targetFolder;
      const registry = home === 'extractors' && path === 'extractors/registry.ts';
      return crosses && !registry ? [`${path}: ${home}/${folder} may not import ${target}`] : [];
    }
    if (!rule.imports.includes(targetLayer)) return [`${path}: ${home} may not import ${target}`];
    if (targetLayer === 'extractors' && cardsOnly.has(home) && !cardFiles.has(target)) {
      return [`${path}: ${home} sees extractors as cards only, not ${target}`];
    }
    return [];
  });
}

describe('direction rule', () => {
  const files = sources();

  it('finds the sources', () => {
    expect(files.length).toBeGreaterThan(20);
  });

  it('holds everywhere', () => {
    const found = files.flatMap((path) =>
      breaches({ path: relative(sourceRoot, path), code: readFileSync(path, 'utf8') }),
    );
    expect(found).toEqual([]);
  });

  it.each([
    ['core/a.ts', "import { x } from '../worker/b';", 'core may not import worker/b'],
    ['pages/search/a.tsx', "import { x } from '../library/b';", 'pages/search may not import pages/library/b'],
    ['extractors/colour/a.ts', "export { x } from '../resnet50/b';", 'extractors/colour may not import'],
    ['ui/a.ts', "const x = await import('../state/b');", 'ui may not import state/b'],
    ['state/a.ts', "import { openDB } from 'idb';", 'only worker may import idb'],
    ['pages/map/a.ts', "import type { x } from '../../extractors/resnet50/b';", 'cards only'],
    ['state/a.ts', "new Worker(new URL('../worker/x.worker.ts', import.meta.url));", 'state may not import worker'],
  ])('reports a breach in %s', (path, code, words) => {
    expect(breaches({ path, code }).join()).toContain(words);
  });
});
