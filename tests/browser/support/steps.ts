// SPDX-License-Identifier: Apache-2.0
import { test } from 'node:test';

/** Tests that build on each other: after the first that fails, the others of the file are skipped, for they mean nothing. */
export function stepsInOrder(): (name: string, step: () => void | Promise<void>) => void {
  let failed = '';
  return (name, step) => {
    void test(name, async (context) => {
      if (failed) return context.skip(`builds on: ${failed}`);
      try {
        await step();
      } catch (error) {
        failed = name;
        throw error;
      }
    });
  };
}
