export * from './eventually.ts';
export * from './nats-server.ts';
export * from './postgres-server.ts';
export * from './record-healing.ts';
export * from './redis-server.ts';
export * from './smtp-server.ts';
export * from './span-collector.ts';
export * from './tcp-proxy.ts';
