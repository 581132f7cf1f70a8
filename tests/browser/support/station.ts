// SPDX-License-Identifier: Apache-2.0
// The repository that most tests use: scenarios for every way to end, and some that wait for the test's word.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import type { Arena } from './arena';

const manifest = `[[scenarios]]
glob = "smoke/*.sh"
command = ["sh", "{path}"]
timeout_s = 60
tags = ["smoke", "fast"]
description = "Does what its name says"

[[scenarios]]
glob = "slow/*.sh"
command = ["sh", "{path}"]
timeout_s = 600
tags = ["slow"]

[[scenarios]]
glob = "logs/*.sh"
command = ["sh", "{path}"]
timeout_s = 600
tags = ["log"]
`;

const brokenManifest = `[[scenarios]]
glob = "smoke/*.sh"
command = ["sh", "{path}"]

[[scenarios]]
name = "impatient"
command = ["true"]
timeout_s = "soon"
`;

export const mainSubject = 'Keep the two faults that we cannot explain yet';
export const kLines = 1_000_000;

/**
 * A scenario that writes lines until the word is given, then ends well. Runs outlive their server: this one ends with the
 * folder of the test, too, or it would run on after the test has gone.
 */
function waitingFor(file: string): string {
  return `i=0
while [ -d '${path.dirname(file)}' ] && [ ! -e '${file}' ]; do
  i=$((i + 1))
  echo "tick $i"
  sleep 0.05
done
echo "released after $i ticks"
`;
}

export class Station {
  readonly commit: string;
  private readonly words: string;

  constructor(arena: Arena) {
    this.words = path.join(arena.folder, 'words');
    mkdirSync(this.words, { recursive: true });
    const files = {
      '.testarena.toml': manifest,
      'smoke/passes.sh': 'echo "all is well"\n',
      'smoke/fails.sh': 'echo "expected 42"\necho "got 41"\nexit 1\n',
      'smoke/skips.sh': 'echo "no device"\nexit 77\n',
      'slow/waits.sh': waitingFor(this.fileOf('waits')),
      'slow/for_ever.sh': waitingFor(this.fileOf('for_ever')),
      'logs/coloured.sh': `printf '\\033[1;32mPASS\\033[0m one\\n\\033[41;37m FAIL \\033[0m two\\n\\033[2Jcleared\\nred \\033[31mgoes on\\n'\nprintf 'over the line end\\033[0m\\n'\n`,
      'logs/long.sh': `seq -f 'line number %.0f of a long log' 1 ${kLines}\n`,
      'logs/one_line.sh': "head -c 3000000 /dev/zero | tr '\\0' x\n",
      'logs/none.sh': 'true\n',
    };
    this.commit = arena.repository.commit({ branch: 'main', subject: mainSubject, files });
    arena.repository.commit({
      branch: 'feature/login-form',
      subject: 'Check the login form',
      author: 'Noor Haddad',
      files: { ...files, 'smoke/login.sh': 'echo in\n' },
    });
    arena.repository.commit({
      branch: 'broken-manifest',
      subject: 'Quickly, before the weekend',
      files: { '.testarena.toml': brokenManifest, 'smoke/passes.sh': 'true\n' },
    });
    arena.repository.commit({
      branch: 'broken-setup',
      subject: 'Build with a compiler that is not there',
      files: { '.testarena.toml': `[setup]\ncommand = ["false"]\n${manifest}`, 'smoke/passes.sh': 'true\n', 'smoke/fails.sh': 'false\n' },
    });
    arena.repository.commit({ branch: 'empty', subject: 'Nothing to see', files: { README: 'empty\n' } });
  }

  /** Gives the word that a waiting scenario waits for. */
  release(word: 'waits' | 'for_ever'): void {
    writeFileSync(this.fileOf(word), '');
  }

  isReleased(word: 'waits' | 'for_ever'): boolean {
    return existsSync(this.fileOf(word));
  }

  private fileOf(word: string): string {
    return path.join(this.words, word);
  }
}
