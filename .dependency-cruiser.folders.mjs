import walls from './.dependency-cruiser.mjs';

/**
 * The folders inside a package form a tree: the files directly in src/ import the folders, no folder imports them, and no two
 * folders import each other, not even through others. A folder inside a folder counts as a part of it. Specs are left out: a spec
 * may look at its file from above.
 */
const trees = [
  'libs/bus',
  'libs/contracts',
  'libs/notifications',
  'libs/observability',
  'libs/persistence',
  'libs/redaction',
  'libs/resilience',
  'libs/runtime',
  'libs/testing',
  'services/auth',
  'services/billing',
  'services/gateway',
  'services/healer',
  'services/monitor',
  'services/support',
  'infra/chaos',
  'infra/local',
];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: trees.flatMap((home) => {
    const name = home.replace('/', '-');
    return [
      {
        name: `folders-form-a-tree-in-${name}`,
        comment: 'two folders that need each other: move what both need into a folder below them',
        severity: 'error',
        scope: 'folder',
        from: { path: `^${home}/src/` },
        to: { path: `^${home}/src/`, circular: true },
      },
      {
        name: `folders-below-the-root-of-${name}`,
        comment: 'what the root of the package and a folder both need stands in a folder',
        severity: 'error',
        from: { path: `^${home}/src/[^/]+/` },
        to: { path: `^${home}/src/[^/]+$` },
      },
    ];
  }),
  options: { ...walls.options, exclude: { path: '/dist/|/test/|spec\\.ts$' } },
};
