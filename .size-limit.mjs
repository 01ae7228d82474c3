import { readFileSync } from 'node:fs';

/** Everything the browser must load before the first paint: the entry chunk and what it imports statically. */
const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'));
const files = new Set();
const visit = (key) => {
  const chunk = manifest[key];
  if (files.has(chunk.file)) return;
  files.add(chunk.file);
  for (const imported of chunk.imports ?? []) visit(imported);
};
visit('index.html');

export default [{ name: 'entry chunk', path: [...files].map((file) => `dist/${file}`), limit: '200 kB', gzip: true }];
