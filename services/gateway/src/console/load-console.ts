import type { Logger } from '@gridworks/observability';
import type { HealthRegistry } from '@gridworks/runtime';
import { ConsoleFiles } from './console-files.ts';
import { NO_CONSOLE } from './console-list.ts';

/**
 * Loads the console of a folder, or none. The API matters more than its pages: when the console cannot be read
 * only the pages are missing, and health and log say so.
 * @param directory `none` for no console
 */
export async function loadConsole(
  directory: string,
  logger: Logger,
  health: Pick<HealthRegistry, 'setDegraded'>,
): Promise<ConsoleFiles> {
  if (directory === NO_CONSOLE) {
    logger.log('console.absent');
    return ConsoleFiles.NONE;
  }
  try {
    const files = await ConsoleFiles.read(directory);
    logger.log('console.served', { build: files.build, addresses: files.addresses.length });
    return files;
  } catch (error) {
    logger.log('console.read_failed', { error, directory });
    health.setDegraded('console', 'the console cannot be read: no pages are served');
    return ConsoleFiles.NONE;
  }
}
