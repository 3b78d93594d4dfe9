import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RawDocument } from '../../src/reference/open-api.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** The OpenAPI document of a gateway built from these sources. No gateway is started. */
export async function readOpenApi(): Promise<RawDocument> {
  const gateway = join(root, 'services', 'gateway');
  const { version } = JSON.parse(await readFile(join(gateway, 'package.json'), 'utf8')) as {
    version: string;
  };
  const script = join(gateway, 'src', 'openapi', 'print-openapi.ts');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=source', '--no-warnings', script, version],
    { cwd: root, maxBuffer: 64 << 20 },
  );
  return JSON.parse(stdout) as RawDocument;
}
