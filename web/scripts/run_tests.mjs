// SPDX-License-Identifier: Apache-2.0
// node scripts/run_tests.mjs FOLDER [FILTER]: bundles FOLDER's *.test.ts and runs them with node's own test runner.
// The bundles lie inside node_modules, so that packages resolve from there wherever FOLDER is.
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const web = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const [folderArgument, filter = ''] = process.argv.slice(2);
if (!folderArgument) {
  console.error('usage: node scripts/run_tests.mjs FOLDER [FILTER]');
  process.exit(2);
}
const folder = path.resolve(web, folderArgument);

async function testFiles(directory) {
  const found = [];
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) found.push(...(await testFiles(file)));
    else if (entry.name.endsWith('.test.ts') && file.includes(filter)) found.push(file);
  }
  return found.sort();
}

const files = await testFiles(folder);
if (files.length === 0) {
  console.error(`no *.test.ts with "${filter}" in its name below ${folder}`);
  process.exit(1);
}
const outdir = path.join(web, 'node_modules/.cache/tests', path.basename(folder));
await rm(outdir, { recursive: true, force: true });
await mkdir(outdir, { recursive: true });
await build({
  entryPoints: files,
  outdir,
  outbase: folder,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  sourcemap: 'inline',
  target: 'node18',
  logLevel: 'warning',
});
const bundles = files.map((file) => path.join(outdir, path.relative(folder, file).replace(/\.ts$/, '.mjs')));
const runner = spawn(
  process.execPath,
  ['--enable-source-maps', '--test', '--test-reporter=spec', '--test-concurrency=1', ...bundles],
  { stdio: 'inherit', cwd: web, env: { ...process.env, TESTARENA_CHECKOUT: path.dirname(web) } },
);
runner.on('exit', (code) => process.exit(code ?? 1));
