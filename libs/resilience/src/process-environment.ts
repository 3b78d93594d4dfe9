import { classify } from './classify/index.ts';
import { fingerprint } from './fingerprint/index.ts';
import { type EnvironmentOptions, HealingEnvironment } from './healing/environment.ts';

/** The environment of call sites that name none. */
export const processEnvironment = new HealingEnvironment({ classify, fingerprint });

/**
 * Connects the process's healing to the rest: what experience says, and where reports go. At boot; call sites
 * that exist already see it too.
 */
export function configureHealing(
  options: Partial<Pick<EnvironmentOptions, 'classify' | 'fingerprint' | 'patterns' | 'reporter'>>,
): HealingEnvironment {
  Object.assign(processEnvironment, options);
  return processEnvironment;
}
