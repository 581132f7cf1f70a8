// SPDX-License-Identifier: Apache-2.0
// The real server in a folder of its own, with accounts and a repository.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { Repository } from './repository';
import { until } from './until';

const checkout = process.env['TESTARENA_CHECKOUT'] ?? process.cwd();
const programs = process.env['TESTARENA_BIN_DIR'] ?? path.join(checkout, 'build/release/bin');
const pages = [path.join(programs, '../web'), path.join(checkout, 'web/dist')].find((folder) => existsSync(folder));

export type Role = 'viewer' | 'user' | 'administrator';

export class Arena {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'testarena-browser-'));
  readonly repository = new Repository(path.join(this.folder, 'repository'));
  /** `http://127.0.0.1:PORT`, while the server runs. */
  origin = '';

  /** `environments`: further tables of the configuration, once the folder is there. */
  constructor(private readonly environments: (arena: Arena) => string = () => '') {}

  private readonly data = path.join(this.folder, 'data');
  private readonly configuration = path.join(this.folder, 'testarena.toml');
  private server: ChildProcess | undefined;
  private output = '';
  private isStopping = false;

  /** Starts the server; it is ready when this returns. The same port after a restart, so that open pages find it again. */
  async start(): Promise<void> {
    if (!existsSync(path.join(programs, 'testarena'))) throw new Error(`no program testarena in ${programs}: build it, or set TESTARENA_BIN_DIR`);
    const listen = this.origin ? this.origin.replace('http://', '') : '127.0.0.1:0';
    this.writeConfiguration(listen);
    rmSync(path.join(this.data, 'address'), { force: true });
    const server = spawn(path.join(programs, 'testarena'), ['serve', '--config', this.configuration], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.server = server;
    server.on('exit', (code, signal) => {
      if (!this.isStopping) console.error(`the server ended by itself (${code ?? signal}):\n${this.output}`);
    });
    this.isStopping = false;
    for (const stream of [server.stdout, server.stderr]) stream?.on('data', (text: Buffer) => (this.output += text.toString()));
    await until('the server serves', async () => {
      if (server.exitCode !== null || server.signalCode !== null) {
        throw new Error(`the server ended:\n${this.output}`);
      }
      const file = path.join(this.data, 'address');
      if (!existsSync(file)) return false;
      this.origin = `http://${readFileSync(file, 'utf8').trim()}`;
      return fetch(`${this.origin}/readyz`).then(
        (response) => response.ok,
        () => false,
      );
    });
  }

  /** Ends the server, by default at once and without a word, as a crash would. */
  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const server = this.server;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    this.isStopping = true;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill(signal);
    await ended;
  }

  /** Ends the server and takes everything away that it wrote. */
  async close(): Promise<void> {
    await this.stop('SIGTERM');
    if (process.env['TESTARENA_KEEP']) console.error(`kept: ${this.folder}\n${this.output}`);
    else rmSync(this.folder, { recursive: true, force: true });
  }

  get adminPassword(): string {
    return readFileSync(path.join(this.data, 'initial-admin-password'), 'utf8').trim();
  }

  /** Makes an account and answers its password. */
  createUser(name: string, role: Role): string {
    const options = ['admin', 'create-user', name, '--role', role, '--config', this.configuration];
    return execFileSync(path.join(programs, 'testarena'), options, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  }

  /** Calls the API as an account, beside the browser. */
  async call(method: string, address: string, as: { name: string; password: string }, body?: unknown): Promise<Response> {
    const headers: Record<string, string> = {
      Authorization: `Basic ${Buffer.from(`${as.name}:${as.password}`).toString('base64')}`,
    };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const init: RequestInit = { method, headers };
    if (body !== undefined) init.body = JSON.stringify(body);
    const response = await fetch(this.origin + address, init);
    if (!response.ok) throw new Error(`${method} ${address}: ${response.status} ${await response.text()}`);
    return response;
  }

  /** Submits a job beside the browser and answers its id. */
  async submit(as: { name: string; password: string }, branch: string, scenarios: string[], environment = 'local'): Promise<number> {
    const response = await this.call('POST', '/api/v1/jobs', as, { environment, branch, scenarios });
    return ((await response.json()) as { id: number }).id;
  }

  /** Waits until a job has ended; answers its state. */
  async waitForEnd(as: { name: string; password: string }, job: number): Promise<string> {
    let state = '';
    await until(`job ${job} ends`, async () => {
      const response = await this.call('GET', `/api/v1/jobs/${job}`, as);
      state = ((await response.json()) as { state: string }).state;
      return state !== 'waiting' && state !== 'in_progress';
    });
    return state;
  }

  private writeConfiguration(listen: string): void {
    const text = JSON.stringify; // what a JSON string may hold, a TOML string may hold too
    writeFileSync(
      this.configuration,
      `[server]
listen = ${text(listen)}
data = ${text(this.data)}
${pages ? `web = ${text(path.resolve(pages))}` : ''}

[storage]
plugin = "sqlite_storage"
path = "testarena.db"

[[authenticator]]
plugin = "local_authenticator"

[[environment]]
name = "local"
executor = { plugin = "local_executor", slots = 3 }
discoverer = { plugin = "git_discoverer", repository = ${text(this.repository.folder)} }
${this.environments(this)}`,
      { mode: 0o600 }, // it may hold a token
    );
  }
}
