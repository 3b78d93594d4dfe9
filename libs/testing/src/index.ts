export * from './eventually.ts';
export * from './nats-server.ts';
