// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fileName } from '../../src/format/file_name';
import { size } from '../../src/format/size';
import { duration, elapsed, latency, relativeTime } from '../../src/format/time';

const kMinute = 60_000;

test('times in words', () => {
  const now = Date.parse('2025-03-03T12:00:00Z');
  const ago = (milliseconds: number): string => relativeTime(now - milliseconds, now);
  assert.equal(ago(-5_000), 'just now', 'a clock that runs ahead');
  assert.equal(ago(9_999), 'just now');
  assert.equal(ago(42_000), '42 seconds ago');
  assert.equal(ago(kMinute), '1 minute ago');
  assert.equal(ago(59 * kMinute + 59_999), '59 minutes ago');
  assert.equal(ago(60 * kMinute), '1 hour ago');
  assert.equal(ago(24 * 60 * kMinute), 'yesterday');
  assert.equal(ago(45 * 24 * 60 * kMinute), 'last month');
});

test('latencies', () => {
  assert.equal(latency(20), '< 0.1 ms');
  assert.equal(latency(340), '0.3 ms');
  assert.equal(latency(9_940), '9.9 ms');
  assert.equal(latency(12_400), '12 ms');
  assert.equal(latency(999_600), '1.0 s');
});

test('durations', () => {
  assert.equal(duration(0), '0.0 s');
  assert.equal(duration(-5), '0.0 s');
  assert.equal(duration(9_900), '9.9 s');
  assert.equal(duration(9_960), '10 s');
  assert.equal(duration(59_499), '59 s');
  assert.equal(duration(59_500), '1 min 00 s');
  assert.equal(duration(3_599_499), '59 min 59 s');
  assert.equal(duration(7_500_000), '2 h 05 min');
  assert.equal(duration(100_800_000), '1 d 4 h');
  assert.equal(elapsed(null, null, 5), undefined);
  assert.equal(elapsed('1970-01-01T00:00:01Z', null, 3_000), 2_000);
  assert.equal(elapsed('1970-01-01T00:00:01Z', '1970-01-01T00:00:02Z', 9_000), 1_000);
});

test('sizes', () => {
  assert.equal(size(0), '0 B');
  assert.equal(size(1_023), '1023 B');
  assert.equal(size(1_024), '1.0 KiB');
  assert.equal(size(1_048_575), '1.0 MiB');
  assert.equal(size(150 * 1_024), '150 KiB');
  assert.equal(size(2 ** 30), '1.0 GiB');
});

test('names of files hold nothing that a file system could take for more', () => {
  const name = (scenario: string, attempt = 1): string => fileName({ job: 12, scenario, attempt });
  assert.equal(name(''), 'job-12.log');
  assert.equal(name('network/dhcp'), 'job-12-network-dhcp.log');
  assert.equal(name('../../etc/passwd', 2), 'job-12-etc-passwd-2.log');
  assert.equal(name('<img src=x>\0"'), 'job-12-img-src-x.log');
  assert.ok(name('x'.repeat(500)).length < 120);
});
