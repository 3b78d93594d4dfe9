import type { StormReport } from './judge-storm.ts';

const list = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

/** The report for people: one line per promise, and the promises that were broken. */
export function describeStorm({ kills, requests, tickets, usage, mails, ...report }: StormReport): string {
  const { acknowledged, lost } = tickets;
  return [
    `kill storm of ${report.seconds} s, seed ${report.seed}`,
    `kills      ${sum(kills)}: ${list(kills)}`,
    `responses  ${sum(requests)}: ${list(requests)}`,
    `tickets    ${acknowledged - lost} of ${acknowledged} acknowledged are there, ${tickets.duplicated} twice, ${tickets.unknown} unknown`,
    `usage      ${usage.counted} calls counted, ${usage.answered} answered, ${usage.ambiguous} with an unknown outcome`,
    `incidents  ${report.incidents}`,
    `mails      ${mails.auto_resolved} AUTO-RESOLVED, ${mails.action_needed} ACTION NEEDED`,
    report.passed ? 'passed' : `not passed:\n${report.problems.map((one) => `  - ${one}`).join('\n')}`,
  ].join('\n');
}
