// SPDX-License-Identifier: Apache-2.0
// The real testarena-runner in a folder of its own, with one client and a repository.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { Repository } from './repository';
import { until } from './until';

const checkout = process.env['TESTARENA_CHECKOUT'] ?? process.cwd();
const programs = process.env['TESTARENA_BIN_DIR'] ?? path.join(checkout, 'build/release/bin');

export class Runner {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'testarena-runner-browser-'));
  readonly repository: Repository;
  /** `http://127.0.0.1:PORT`, once it has run. */
  origin = '';
  token = '';
  private hash = '';

  private process: ChildProcess | undefined;
  private output = '';

  /** It runs what is in `repository`, by default one of its own. */
  constructor(repository?: Repository) {
    this.repository = repository ?? new Repository(path.join(this.folder, 'repository'));
  }

  /** The same port and token after a stop. */
  async start(): Promise<void> {
    const program = path.join(programs, 'testarena-runner');
    if (!this.token) {
      const made = JSON.parse(execFileSync(program, ['token', 'browser', '--json'], { encoding: 'utf8' })) as { token: string; hash: string };
      this.token = made.token;
      this.hash = made.hash;
    }
    rmSync(path.join(this.folder, 'data/address'), { force: true });
    const text = JSON.stringify; // what a JSON string may hold, a TOML string may hold too
    const configuration = path.join(this.folder, 'runner.toml');
    writeFileSync(
      configuration,
      `[server]
listen = ${text(this.origin.replace('http://', '') || '127.0.0.1:0')}
data = "data"
[runner]
slots = 2
labels = ["bench-7", "can"]
[[token]]
name = "browser"
hash = ${text(this.hash)}
[executor]
repository = ${text(this.repository.folder)}
abort_grace = "500ms"
`,
    );
    const runner = spawn(program, ['serve', '--config', configuration], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.process = runner;
    for (const stream of [runner.stdout, runner.stderr]) stream?.on('data', (bytes: Buffer) => (this.output += bytes.toString()));
    await until('the runner serves', () => {
      if (runner.exitCode !== null || runner.signalCode !== null) throw new Error(`the runner ended:\n${this.output}`);
      const file = path.join(this.folder, 'data/address');
      if (!existsSync(file)) return false;
      this.origin = `http://${readFileSync(file, 'utf8').trim()}`;
      return true;
    });
  }

  /** Calls the protocol as a client, beside the browser. */
  async call(method: string, address: string, body?: unknown): Promise<Response> {
    const headers: Record<string, string> = { Authorization: `Bearer ${this.token}` };
    const init: RequestInit = { method, headers };
    if (body !== undefined) {
      headers['Content-Type'] = 'application/json';
      init.body = JSON.stringify(body);
    }
    const response = await fetch(this.origin + address, init);
    if (!response.ok) throw new Error(`${method} ${address}: ${response.status} ${await response.text()}`);
    return response;
  }

  /** Ends it; what runs goes on. */
  async stop(): Promise<void> {
    const runner = this.process;
    if (!runner || runner.exitCode !== null || runner.signalCode !== null) return;
    const ended = new Promise((resolve) => runner.once('exit', resolve));
    runner.kill('SIGTERM');
    await ended;
  }

  /** Ends it, and takes everything away that it wrote. */
  async close(): Promise<void> {
    const runner = this.process;
    if (runner && runner.exitCode === null && runner.signalCode === null) {
      const queues = (await (await this.call('GET', '/api/queues')).json()) as { id: string }[];
      for (const queue of queues) await this.call('DELETE', `/api/delete/${queue.id}`); // what runs is not to outlive the test
      await this.stop();
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
