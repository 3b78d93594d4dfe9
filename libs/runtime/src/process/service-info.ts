import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ServiceName } from '@gridworks/contracts';

/** The identity of this process. Inject it by its class. */
export class ServiceInfo {
  readonly service: ServiceName;
  /** The platform's name of this process: `billing`, `billing-2`. */
  readonly instance: string;
  readonly version: string;
  /** New at each start of the process. */
  readonly bootId = randomBytes(8).toString('hex');
  /** The process that this one was started to take the place of; undefined when there is none. */
  readonly replacesPid: number | undefined;
  /** RFC 3339: when the process started, not when it became ready. */
  readonly startedAt = new Date(Date.now() - process.uptime() * 1000).toISOString();

  constructor(
    service: ServiceName,
    instance: string,
    version: string = versionOf(process.argv[1]),
    replacesPid?: number,
  ) {
    this.replacesPid = replacesPid;
    this.service = service;
    this.instance = instance;
    this.version = version;
  }
}

/** The version of the package that contains the entry file. */
function versionOf(entry: string | undefined): string {
  for (let folder = entry ? dirname(entry) : '/'; folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (!existsSync(file)) continue;
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version?: unknown };
    return typeof version === 'string' ? version : 'unknown';
  }
  return 'unknown';
}
