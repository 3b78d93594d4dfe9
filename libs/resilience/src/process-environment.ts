import { type EnvironmentOptions, HealingEnvironment } from './healing/environment.ts';

/** The environment of call sites that name none. */
export const processEnvironment = new HealingEnvironment({
  classify: () => ({
    kind: 'unknown',
    transient: false,
    strategy: 'ESCALATE',
    confidence: 0,
    why: 'no classifier',
    rule: 'none',
  }),
  fingerprint: (error) => String((error as Error)?.name),
});

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
