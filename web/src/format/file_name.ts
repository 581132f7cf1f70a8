// SPDX-License-Identifier: Apache-2.0
import type { LogName } from '../api/types';

/** "job-12-network-dhcp.log": nothing of a hostile name that a file system could take for something else. */
export function fileName({ job, scenario, attempt }: LogName): string {
  const name = scenario.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[-.]+|[-.]+$/g, '').slice(0, 80);
  return `job-${job}${name ? `-${name}` : ''}${attempt > 1 ? `-${attempt}` : ''}.log`;
}
