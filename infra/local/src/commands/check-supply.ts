import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultOfImage, imagesIn, LOCAL_IMAGES, missingFromLock } from '../install/supply.ts';

/**
 * A step of `npm run check`: lock files are complete, images have a pinned version that is new enough. Needs
 * no network.
 */
const root = join(import.meta.dirname, '..', '..', '..', '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const faults: string[] = [];

for (const file of ['package-lock.json', 'bench/package-lock.json']) {
  for (const missing of missingFromLock(JSON.parse(read(file)))) faults.push(`${file} lacks ${missing}`);
}
if (faults.length > 0) faults.push('Complete it: npm install --package-lock-only');

const files = ['docker-compose.yml', ...globSync('infra/**/Dockerfile*', { cwd: root })];
const images = files.flatMap((file) => imagesIn(read(file)).map((image) => ({ file, image })));
images.push(...LOCAL_IMAGES.map((image) => ({ file: 'infra/local/src/install/find-servers.ts', image })));
for (const { file, image } of images) {
  const fault = faultOfImage(image);
  if (fault) faults.push(`${file}: ${fault}`);
}

process.stdout.write(faults.map((fault) => `${fault}\n`).join(''));
process.exit(faults.length === 0 ? 0 : 1);
