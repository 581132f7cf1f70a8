// SPDX-License-Identifier: Apache-2.0
// A CMake project that knows nothing of TestArena (cJSON, the source that Debian packages): its own tests become scenarios
// after its setup has built it, and can then be chosen one by one.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { after, before } from 'node:test';
import path from 'node:path';

import { Arena } from './support/arena';
import { stepsInOrder } from './support/steps';
import { Visitor } from './support/visitor';

const manifest = `[setup]
command = ["sh", "-c", "cmake -S . -B build -DENABLE_CJSON_TEST=ON && cmake --build build"]
timeout_s = 600

[[scenarios]]
lister = "ctest"
build_dir = "build"
timeout_s = 60
`;

const step = stepsInOrder();
const arena = new Arena();
const admin = { name: 'admin', password: '' };
let visitor: Visitor;

before(async () => {
  const tree = path.join(arena.folder, 'cjson');
  const script = path.join(process.env['TESTARENA_CHECKOUT'] ?? path.join(process.cwd(), '..'), 'tests/tools/debian_source.sh');
  execFileSync(script, ['cjson', tree], { stdio: ['ignore', 'ignore', 'inherit'] });
  writeFileSync(path.join(tree, '.testarena.toml'), manifest);
  arena.repository.commitFolder(tree, { branch: 'main', subject: 'Run our tests in TestArena' });
  appendFileSync(path.join(tree, 'tests/print_number.c'), '\n#error "this branch does not compile"\n');
  arena.repository.commitFolder(tree, { branch: 'broken', subject: 'Does not compile' });
  rmSync(tree, { recursive: true });

  await arena.start();
  admin.password = arena.adminPassword;
  visitor = await Visitor.come(arena);
  await visitor.open('/jobs/new', admin);
});
after(async () => {
  await visitor?.leave();
  await arena.close();
});

async function choose(branch: string, scenario: string): Promise<void> {
  const { page } = visitor;
  await page.goto('/jobs/new');
  await page.getByRole('combobox', { name: 'Branch' }).fill(branch);
  await page.getByRole('button', { name: 'Choose scenarios' }).click();
  await page.getByRole('checkbox', { name: scenario }).check();
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByRole('button', { name: 'Submit the job' }).click();
  await page.getByRole('heading', { name: /^Job \d+$/ }).waitFor();
}

const stateOfJob = () => visitor.page.locator('.job-head .state');
const row = (name: string) =>
  visitor.page.getByRole('row').filter({ has: visitor.page.getByRole('link', { name, exact: true }) });

step('all tests of the project run after its setup has built it', async () => {
  await choose('main', 'ctest');
  await stateOfJob().getByText('Passed').waitFor({ timeout: 180_000 });
  for (const name of ['cJSON_test', 'parse_number', 'minify_tests']) await row(name).getByText('Passed').waitFor();
  assert.equal(await visitor.page.getByRole('row').count(), 20, '19 tests and the head of the table');
});

step('what a test wrote is its log', async () => {
  const { page } = visitor;
  await page.getByRole('link', { name: 'parse_number', exact: true }).click();
  await page.getByRole('region', { name: 'Log: parse_number' }).getByText(/\d+ Tests 0 Failures 0 Ignored/).waitFor();
});

step('now that they are known, one of them is chosen alone', async () => {
  await choose('main', 'minify_tests');
  await stateOfJob().getByText('Passed').waitFor({ timeout: 180_000 });
  assert.equal(await visitor.page.getByRole('row').count(), 2, 'one test and the head of the table');
});

step('a branch that does not compile is errored, and the compiler says why', async () => {
  const { page } = visitor;
  await choose('broken', 'ctest');
  await stateOfJob().getByText('Errored').waitFor({ timeout: 180_000 });
  await page.getByRole('link', { name: 'Logs', exact: true }).click();
  await page.getByRole('region', { name: 'Log: Job log' }).press('End');
  await page.getByText('#error "this branch does not compile"').first().waitFor();
});

step('nothing happened on the way that never should', () => visitor.assertUndisturbed());
