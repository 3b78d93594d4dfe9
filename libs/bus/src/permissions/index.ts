/** Who may do what on the bus, and what it holds. Runs by type stripping alone: no decorators, no NATS client, no Nest. */
export * from './nats-config.ts';
export * from './nats-permissions.ts';
export * from './provision-plan.ts';
