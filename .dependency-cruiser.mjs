/**
 * The walls of the house, held by a machine. ARCHITECTURE.md shows the same table to people.
 * A lib may import the libs named here; a service any lib but testing, never another service.
 */
const mayImport = {
  contracts: [],
  redaction: [],
  resilience: ['redaction'],
  observability: ['redaction'],
  bus: ['contracts', 'redaction', 'resilience', 'observability'],
  persistence: ['contracts', 'redaction', 'resilience', 'observability', 'bus'],
  notifications: ['contracts', 'redaction', 'resilience', 'observability'],
  runtime: ['contracts', 'redaction', 'resilience', 'observability', 'bus', 'notifications'],
  testing: [
    'contracts',
    'redaction',
    'resilience',
    'observability',
    'bus',
    'persistence',
    'notifications',
    'runtime',
  ],
};
const libs = Object.keys(mayImport);

/** Packages with one home each. */
const soleUsers = [
  { packages: ['@nats-io/[^/]+', '@nestjs/microservices'], home: ['libs/bus/', 'libs/testing/'] },
  { packages: ['typeorm'], home: ['libs/persistence/'] },
  // infra provisions and injures with it, libs/testing sets servers up.
  { packages: ['pg'], home: ['libs/persistence/', 'libs/testing/', 'infra/'] },
  { packages: ['nodemailer', 'twilio'], home: ['libs/notifications/'] },
  { packages: ['redis', '@redis/[^/]+'], home: ['libs/runtime/', 'libs/testing/'] },
  { packages: ['pino', '@opentelemetry/[^/]+'], home: ['libs/observability/'] },
  { packages: ['openai'], home: ['services/healer/'] },
  { packages: ['stripe'], home: ['services/billing/src/payments/provider/'] },
  {
    packages: ['react', 'react-dom', 'vite', 'tailwindcss', 'uplot', 'playwright-core', 'axe-core'],
    home: ['console/'],
  },
];

const IS_SPEC = '(\\.(spec|e2e-spec)\\.tsx?$|/test/)';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: { pathNot: '^console/' }, to: { circular: true } },
    {
      name: 'no-circular-in-console',
      comment: 'the table of pages loads each page when it is opened, and every page may link to another',
      severity: 'error',
      from: { path: '^console/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['dynamic-import', 'type-only'] } },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-undeclared-package',
      comment: 'a package that its own package.json does not name is there by luck',
      severity: 'error',
      from: { path: '^(libs|services)/', pathNot: IS_SPEC },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    ...libs.map((lib) => ({
      name: `wall-of-${lib}`,
      severity: 'error',
      from: { path: `^libs/${lib}/`, pathNot: IS_SPEC },
      to: {
        path: `^libs/(?!${[lib, ...mayImport[lib]].map((name) => `${name}/`).join('|')})`,
      },
    })),
    { name: 'libs-know-no-service', severity: 'error', from: { path: '^libs/' }, to: { path: '^services/' } },
    {
      name: 'services-are-strangers',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'console-talks-through-the-sdk',
      comment: 'values of contracts need Node; the pages call the API as everybody does',
      severity: 'error',
      from: { path: '^console/src/', pathNot: IS_SPEC },
      to: {
        path: '^(libs|services|infra|bench|sdks/javascript/(?!src/index))',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'nobody-imports-the-console',
      severity: 'error',
      from: { path: '^(libs|services|infra|sdks|bench)/' },
      to: { path: '^console/' },
    },
    {
      name: 'testing-is-for-specs',
      severity: 'error',
      from: { path: '^(libs|services|infra|sdks|console)/', pathNot: `${IS_SPEC}|^libs/testing/` },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'product-knows-no-infra',
      severity: 'error',
      from: { path: '^(libs|services)/', pathNot: IS_SPEC },
      to: { path: '^(infra|bench)/' },
    },
    {
      name: 'no-second-breaker',
      comment: 'docs/decisions/2026-11-21-own-breaker.md; bench measures against them',
      severity: 'error',
      from: { path: '^(libs|services|infra)/' },
      to: { path: '(^|node_modules/)(cockatiel|opossum)(/|$)' },
    },
    {
      name: 'sdks-bundle-little',
      comment:
        'what an SDK ships runs in a browser and has no dependency: contracts are read by its generator alone',
      severity: 'error',
      from: { path: '^sdks/[^/]+/src/', pathNot: IS_SPEC },
      to: {
        path: '^(libs|services|infra)/',
        pathNot: '^libs/resilience/src/(browser|breaker|common|guard|healing)',
      },
    },
    {
      name: 'browser-entry-without-node',
      severity: 'error',
      from: { path: '^sdks/javascript/src/', pathNot: `^sdks/javascript/src/(node|webhooks)|${IS_SPEC}` },
      to: { dependencyTypes: ['core'] },
    },
    ...soleUsers.map(({ packages, home }) => ({
      name: `sole-user-of-${packages[0].replace(/\W+/g, '-')}`,
      severity: 'error',
      from: { path: '^(libs|services|infra)/', pathNot: `^(${home.join('|')})|${IS_SPEC}` },
      to: { path: `node_modules/(${packages.join('|')})/`, dependencyTypesNot: ['type-only'] },
    })),
  ],
  options: {
    // Its notice that TypeScript 7 is no transpiler for it does not concern this parser.
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
  },
};
