import { join } from 'node:path';
import { rolldown } from 'rolldown';

/**
 * Writes both entries as minified ESM into a folder, with the parts of libs/resilience that they use
 * included.
 */
export async function bundleTo(folder: string): Promise<void> {
  const here = import.meta.dirname;
  const bundle = await rolldown({
    input: { index: join(here, 'src/index.ts'), node: join(here, 'src/node.ts') },
    platform: 'neutral',
    external: [/^node:/],
    resolve: { conditionNames: ['source', 'import', 'default'] },
  });
  await bundle.write({ dir: folder, format: 'esm', minify: true, chunkFileNames: 'shared-[hash].js' });
  await bundle.close();
}
