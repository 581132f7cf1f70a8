// SPDX-License-Identifier: Apache-2.0
// Writes web/dist: index.html, assets whose names carry a hash of their content, and a .gz copy of each.
import { build } from 'esbuild';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const web = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const dist = path.join(web, 'dist');

const shared = {
  bundle: true,
  minify: true,
  outdir: path.join(dist, 'assets'),
  entryNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  target: ['chrome110', 'firefox115', 'safari16.4'],
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  absWorkingDir: web,
};

/** Bundles the entries and answers what each of them was named: {'src/main.tsx': '/assets/main-ABC.js'}. */
async function bundle(options) {
  const { metafile } = await build({ ...shared, ...options });
  const names = {};
  for (const [output, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (entryPoint) names[entryPoint] = '/' + path.relative('dist', output);
  }
  return names;
}

/** Fills {{src/main.tsx}} and the like; a name that was not built is an error, never an empty address. */
function fill(template, names) {
  return template.replace(/\{\{(.+?)\}\}/g, (_, entry) => {
    if (!names[entry]) throw new Error(`index.html names ${entry}, which was not built`);
    return names[entry];
  });
}

async function compress(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) await compress(file);
    else await writeFile(file + '.gz', gzipSync(await readFile(file), { level: 9 }));
  }
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
const names = {
  ...(await bundle({ entryPoints: ['src/main.tsx'], format: 'esm', jsx: 'automatic', jsxImportSource: 'preact' })),
  // Runs before the first paint, so that a dark page never flashes light; hence apart, small and not a module.
  ...(await bundle({ entryPoints: ['src/theme_boot.ts'], format: 'iife' })),
  ...(await bundle({ entryPoints: ['src/styles/main.css'] })),
  ...(await bundle({ entryPoints: ['src/favicon.svg'], loader: { '.svg': 'copy' } })),
};
const page = fill(await readFile(path.join(web, 'src/index.html'), 'utf8'), names);
await writeFile(path.join(dist, 'index.html'), page);
await compress(dist);
