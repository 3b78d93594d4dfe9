/**
 * Files of the repository that are generated from the source or checked against a schema or a rule. Each
 * command exits with 1 and names the problem when its file does not match. `npm run check` runs all commands;
 * arguments are those of the pinned Node.
 */
export const GENERATED_FILES: readonly { name: string; args: readonly string[] }[] = [
  { name: 'infra/nats/nats.conf', args: ['infra/nats/render-config.ts', '--check'] },
  { name: 'services/gateway/README.md', args: ['infra/docs/render-routes.ts', '--check'] },
  { name: 'docs/LOG-EVENTS.md', args: ['infra/docs/render-log-events.ts', '--check'] },
  { name: 'sdks/javascript operations', args: ['sdks/javascript/generate/main.ts', '--check'] },
  { name: 'console permissions', args: ['console/generate/permissions.ts', '--check'] },
  {
    name: 'docker-compose.yml',
    args: ['node_modules/dclint/bin/dclint.cjs', '--quiet', 'docker-compose.yml'],
  },
  { name: 'stolen passwords', args: ['services/auth/generate/stolen-passwords.ts', '--check'] },
  { name: 'matrix of routes', args: ['infra/chaos/src/matrix/check-matrix.ts'] },
  { name: 'lock files and images', args: ['infra/local/src/commands/check-supply.ts'] },
];
