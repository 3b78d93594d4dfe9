import { classify } from './classify/index.ts';
import { fingerprint } from './fingerprint/index.ts';
import { HealingEnvironment } from './healing/environment.ts';

/**
 * The environment of call sites that set none. Set its `reporter` and `patterns` at the start: existing call
 * sites use them, too.
 */
export const processEnvironment = new HealingEnvironment({ classify, fingerprint });
