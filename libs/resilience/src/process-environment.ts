import { classify } from './classify/index.ts';
import { fingerprint } from './fingerprint/index.ts';
import { HealingEnvironment } from './healing/environment.ts';

/**
 * The environment of call sites that name none. Set its `reporter` and `patterns` at boot: call sites that exist already see
 * them, too.
 */
export const processEnvironment = new HealingEnvironment({ classify, fingerprint });
