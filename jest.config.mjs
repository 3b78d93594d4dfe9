import { readFileSync } from 'node:fs';

const swc = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));
delete swc.exclude;
delete swc.$schema;
swc.jsc.rewriteRelativeImportExtensions = false;

// Components of the console: no decorators, JSX by React's own runtime.
const react = {
  ...swc,
  jsc: {
    ...swc.jsc,
    parser: { syntax: 'typescript', tsx: true },
    transform: { react: { runtime: 'automatic' }, verbatimModuleSyntax: true },
  },
};

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { ...swc, swcrc: false }],
    '^.+\\.tsx$': ['@swc/jest', { ...react, swcrc: false }],
  },
  moduleNameMapper: { '\\.css$': '<rootDir>/console/test/no-style.ts' },
  testMatch: ['<rootDir>/{libs,services,infra,sdks,console}/**/*.{spec,e2e-spec}.{ts,tsx}'],
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/.local/', '<rootDir>/bench/'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  reporters: ['default', '<rootDir>/infra/local/src/commands/retry-reporter.ts'],
  setupFilesAfterEnv: ['<rootDir>/jest.setup.mjs'],
  testSequencer: '<rootDir>/jest.sequencer.mjs',
  testTimeout: 60_000,
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
};
