// SPDX-License-Identifier: Apache-2.0
// A person with a browser. Everything that should never happen to one is collected and fails the test at its end.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { chromium, type BrowserContext, type Page } from 'playwright-core';

import { kPatience } from './until';

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

// The flags keep this Chromium from talking to anybody but the server under test.
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** Whatever serves the pages that are visited. */
export interface Host {
  readonly origin: string;
}

export interface VisitorOptions {
  width?: number;
  height?: number;
}

export class Visitor {
  readonly page: Page;
  private readonly context: BrowserContext;
  private readonly profile: string;
  private readonly mishaps: string[] = [];
  private readonly arena: Host;
  /** Server errors and failed connections are no mishap while the server is meant to be away. */
  serverIsAway = false;

  private constructor(arena: Host, context: BrowserContext, page: Page, profile: string) {
    this.arena = arena;
    this.context = context;
    this.page = page;
    this.profile = profile;
  }

  static async come(arena: Host, { width = 1280, height = 860 }: VisitorOptions = {}): Promise<Visitor> {
    const profile = mkdtempSync(path.join(tmpdir(), 'testarena-chromium-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      headless: true,
      args: flags,
      viewport: { width, height },
      // Half-faded text has half the contrast: what is checked is the end of each movement.
      reducedMotion: 'reduce',
      baseURL: arena.origin,
      acceptDownloads: true,
    });
    context.setDefaultTimeout(kPatience);
    const page = context.pages()[0] ?? (await context.newPage());
    const visitor = new Visitor(arena, context, page, profile);
    await visitor.watch();
    return visitor;
  }

  /** Opens a further tab of the same browser. */
  async newTab(): Promise<Page> {
    const page = await this.context.newPage();
    this.watchPage(page);
    return page;
  }

  async logIn(name: string, password: string): Promise<void> {
    const { page } = this;
    await page.getByLabel('User name').fill(name);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('button', { name: /Account of/ }).waitFor();
  }

  /** Opens a page of the dashboard, logged in. */
  async open(address: string, as: { name: string; password: string }): Promise<void> {
    await this.page.goto(address);
    await this.page.getByRole('heading', { level: 1 }).waitFor();
    if (new URL(this.page.url()).pathname === '/login') await this.logIn(as.name, as.password);
  }

  /**
   * Asks the server as the page would, with its cookies. (Playwright's own client does not send Secure cookies over http:
   * a 401 that it gets would prove nothing.)
   */
  ask(address: string, init: RequestInit = {}): Promise<{ status: number; headers: Record<string, string>; text: string }> {
    return this.page.evaluate(
      async ([where, how]) => {
        const response = await fetch(where, how);
        return { status: response.status, headers: Object.fromEntries(response.headers), text: await response.text() };
      },
      [address, init] as const,
    );
  }

  /** Asserts that the page as it is now has no barrier that axe knows of, in light and in dark, and no sideways scrolling. */
  async assertAccessible(what: string): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await this.page.emulateMedia({ colorScheme });
      // The dashboard sets its theme by a script; other pages leave it to their style sheets.
      await this.page.waitForFunction((wanted) => {
        const theme = document.documentElement.dataset['theme'];
        return theme === undefined || theme === wanted;
      }, colorScheme);
      const found = (await this.page.evaluate(`${axe};
        axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then((result) => {
          if (result.passes.length < 5) throw new Error('axe checked next to nothing');
          return result.violations.map((one) => one.id + ': ' + one.help + ' at ' + one.nodes.map((node) => node.target.join(' ')).join(', '));
        })`)) as string[];
      assert.deepEqual(found, [], `${what}, ${colorScheme}`);
    }
    const overflow = await this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(overflow <= 0, `${what}: the page is ${overflow} pixels wider than its window`);
  }

  /** Asserts that nothing happened that never should. */
  assertUndisturbed(): void {
    assert.deepEqual(this.mishaps, []);
  }

  async leave(): Promise<void> {
    await this.context.close();
    rmSync(this.profile, { recursive: true, force: true });
  }

  private async watch(): Promise<void> {
    await this.context.exposeBinding('reportMishap', (_, what: string) => this.mishaps.push(what));
    await this.context.addInitScript(() => {
      const report = (window as unknown as { reportMishap: (what: string) => void }).reportMishap;
      document.addEventListener('securitypolicyviolation', (event) =>
        report(`CSP: ${event.effectiveDirective} ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber}`),
      );
      // What payloads of the corpus try to call.
      (window as unknown as { pwned: (how: string) => void }).pwned = (how) => report(`a payload ran: ${how}`);
    });
    await this.context.route('**/*', (route) => {
      const address = route.request().url();
      if (new URL(address).origin === this.arena.origin || address.startsWith('blob:')) return route.continue();
      this.mishaps.push(`request to ${address}`);
      return route.abort();
    });
    this.watchPage(this.page);
  }

  private watchPage(page: Page): void {
    page.on('pageerror', (error) => this.mishaps.push(`uncaught: ${error.stack ?? error.message}`));
    page.on('dialog', (dialog) => {
      this.mishaps.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('console', (message) => {
      // Answers of 4xx, which pages put in words, are errors to the console.
      if (message.type() === 'error' && !/^Failed to load resource/.test(message.text())) {
        this.mishaps.push(`console: ${message.text()}`);
      }
    });
    page.on('response', (response) => {
      if (response.status() >= 500 && !this.serverIsAway) this.mishaps.push(`${response.status()} for ${response.url()}`);
    });
  }
}
