// SPDX-License-Identifier: Apache-2.0
import { queryString } from '../../api/http';

/** The address of a log of a job; without a scenario, of the job's own. */
export function logTabAddress(job: number, scenario = '', attempt = 1): string {
  return `/jobs/${job}${queryString(scenario ? { tab: 'logs', scenario, attempt } : { tab: 'logs' })}`;
}
