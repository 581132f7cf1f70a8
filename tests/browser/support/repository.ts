// SPDX-License-Identifier: Apache-2.0
// A real git repository, made for a test.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface Commit {
  branch: string;
  subject: string;
  author?: string;
  /** The whole content of the branch: path to text. */
  files: Record<string, string>;
}

export class Repository {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    this.git('init', '--quiet', '--initial-branch=main');
  }

  /** Puts a commit on a branch, which is made if it is not there; answers its name. */
  commit({ branch, subject, author = 'Ada Berg', files }: Commit): string {
    const tree = path.join(this.folder, '.git/test-tree');
    rmSync(tree, { recursive: true, force: true });
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(tree, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text, { mode: name.endsWith('.sh') ? 0o755 : 0o644 });
    }
    return this.commitFolder(tree, { branch, subject, author });
  }

  /** The same with the files of a folder. */
  commitFolder(tree: string, { branch, subject, author = 'Ada Berg' }: Omit<Commit, 'files'>): string {
    const index = path.join(this.folder, '.git/test-index');
    rmSync(index, { force: true });
    const environment = {
      GIT_INDEX_FILE: index,
      GIT_WORK_TREE: tree,
      GIT_AUTHOR_NAME: author,
      GIT_COMMITTER_NAME: author,
    };
    this.git('add', '--all', '--force', environment);
    const object = this.git('write-tree', environment);
    const commit = this.git('commit-tree', object, '-m', subject, environment);
    this.git('update-ref', `refs/heads/${branch}`, commit);
    return commit;
  }

  private git(...words: (string | Record<string, string>)[]): string {
    const options = words.filter((word): word is string => typeof word === 'string');
    const extra = words.find((word): word is Record<string, string> => typeof word === 'object') ?? {};
    const env = {
      PATH: process.env['PATH'],
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_EMAIL: 'ada@example.org',
      GIT_COMMITTER_EMAIL: 'ada@example.org',
      GIT_DIR: path.join(this.folder, '.git'),
      ...extra,
    };
    // Where a work tree is named, git wants to stand in it.
    const cwd = extra['GIT_WORK_TREE'] ?? this.folder;
    return execFileSync('git', options, { encoding: 'utf8', env, cwd, stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  }
}
