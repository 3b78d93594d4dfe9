/**
 * The permissions on the bus, and its streams and buckets. Runs by type stripping alone: no decorators, no
 * NATS client, no Nest.
 */
export * from './nats-config.ts';
export * from './nats-permissions.ts';
export * from './provision-plan.ts';
