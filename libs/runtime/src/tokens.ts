/** Injects the parsed configuration: `@Inject(CONFIG) config: BillingConfig`. */
export const CONFIG = Symbol('CONFIG');
/** Injects the logger of the process: `@Inject(LOGGER) logger: Logger`. */
export const LOGGER = Symbol('LOGGER');
