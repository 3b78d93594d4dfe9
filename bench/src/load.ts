import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import autocannon from 'autocannon';

export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Responses that were not 2xx, and requests without a response. */
  readonly failed: number;
}

const wrk = (process.env.PATH ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'wrk'))
  .find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

export const generator = wrk ? 'wrk' : 'autocannon';

const milliseconds = (text: string): number => {
  const [, value, unit] = /([\d.]+)(us|ms|s)/.exec(text) ?? [];
  return Number(value) * ({ us: 0.001, ms: 1, s: 1000 }[unit ?? 'ms'] ?? 1);
};

async function loadByWrk(url: string, seconds: number, headers: Record<string, string>): Promise<LoadResult> {
  const args = ['-t1', '-c32', `-d${seconds}s`, '--latency', '--timeout', '5s'];
  for (const [name, value] of Object.entries(headers)) args.push('-H', `${name}: ${value}`);
  const child = spawn(wrk as string, [...args, url], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  for await (const chunk of child.stdout) printed += chunk;
  const number = (pattern: RegExp) => Number(pattern.exec(printed)?.[1] ?? 0);
  const sockets = [...(/Socket errors:(.*)/.exec(printed)?.[1] ?? '').matchAll(/\d+/g)].map(Number);
  return {
    requestsPerSecond: number(/Requests\/sec:\s+([\d.]+)/),
    p50Ms: milliseconds(/50%\s+(\S+)/.exec(printed)?.[1] ?? ''),
    p99Ms: milliseconds(/99%\s+(\S+)/.exec(printed)?.[1] ?? ''),
    failed: number(/Non-2xx or 3xx responses: (\d+)/) + sockets.reduce((sum, count) => sum + count, 0),
  };
}

/** 32 keep-alive connections for some seconds; wrk when it is on PATH, else autocannon. */
export async function load(
  url: string,
  seconds: number,
  headers: Record<string, string> = {},
): Promise<LoadResult> {
  if (wrk) return loadByWrk(url, seconds, headers);
  const result = await autocannon({ url, connections: 32, duration: seconds, headers });
  return {
    requestsPerSecond: result.requests.average,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    failed: result.non2xx + result.errors + result.timeouts,
  };
}
