import type { NoiseReport } from './run-noise.ts';

/** The report for people. */
export function describeNoise(report: NoiseReport): string {
  const requests = Object.entries(report.requests).map(([outcome, count]) => `${count} ${outcome}`);
  return [
    `normal but noisy load for ${report.seconds} s, seed ${report.seed}`,
    `requests     ${requests.join(', ')}; ${report.bursts} bursts`,
    `collections  ${report.collections}`,
    `deployments  ${report.deployments.join(', ') || 'none'}`,
    `incidents    ${report.incidents.join('; ') || 'none'}`,
    `mails        ${report.mails.join('; ') || 'none'}`,
    report.passed ? 'passed' : 'not passed: something was reported although nothing was wrong',
  ].join('\n');
}
