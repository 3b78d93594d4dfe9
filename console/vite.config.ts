import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defaultClientConditions, type InlineConfig } from 'vite';

const ROOT = import.meta.dirname;
/** Chrome 111, Firefox 128, Safari 16.4: the versions that Tailwind's colours and this build need. */
const TARGET = ['chrome111', 'firefox128', 'safari16.4'];

/** The build of the application. The policy of the pages forbids inline scripts and `data:` files. */
export function applicationConfig(out: string, build: string): InlineConfig {
  return {
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    plugins: [react(), tailwind()],
    resolve: { conditions: ['source', ...defaultClientConditions] },
    define: { __BUILD__: JSON.stringify(build) },
    build: {
      outDir: out,
      emptyOutDir: true,
      target: TARGET,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      sourcemap: 'hidden',
      manifest: 'manifest.json',
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1000,
      rolldownOptions: { input: { app: `${ROOT}/app.html` } },
    },
  };
}

/** The build of the service worker: one file of its own at the root. */
export function workerConfig(out: string, define: Readonly<Record<string, unknown>>): InlineConfig {
  return {
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    define: Object.fromEntries(Object.entries(define).map(([name, value]) => [name, JSON.stringify(value)])),
    build: {
      outDir: out,
      emptyOutDir: false,
      target: TARGET,
      minify: true,
      reportCompressedSize: false,
      lib: { entry: `${ROOT}/src/worker/sw.ts`, formats: ['iife'], name: 'worker', fileName: () => 'sw.js' },
    },
  };
}

export default applicationConfig(`${ROOT}/dist`, 'development');
