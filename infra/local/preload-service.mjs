// Loaded into every service before its own code.
import { setSourceMapsSupport } from 'node:module';

// Stack traces show our TypeScript. The flag --enable-source-maps would also load the maps of node_modules: 13 MB a
// process, and a tenth of the boot.
setSourceMapsSupport(true, { nodeModules: false });

/** When a service has loaded all it loads, ms. */
const LOADED_AFTER_MS = 10_000;

// What loading left behind: 5 to 25 MB that an idle process would keep for ever.
setTimeout(() => globalThis.gc?.(), LOADED_AFTER_MS).unref();
