import { setSourceMapsSupport } from 'node:module';

// For `node --import @gridworks/runtime/own-source-maps`: our stack traces show TypeScript lines. The flag
// `--enable-source-maps` would also keep the maps of all of node_modules in memory: 8 MB per process.
setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });
