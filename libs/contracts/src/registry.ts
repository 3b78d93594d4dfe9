import * as auth from './auth/auth.contracts.ts';
import * as billing from './billing/billing.contracts.ts';
import type { EventContract, RequestContract } from './define-contract.ts';
import * as gateway from './gateway/gateway.contracts.ts';
import * as healer from './healer/healer.contracts.ts';
import * as healing from './healer/healing.contracts.ts';
import { breakerChanged, callQueued, errorCaptured } from './instance/instance-events.contracts.ts';
import * as monitor from './monitor/monitor.contracts.ts';
import * as support from './support/support.contracts.ts';

const all: unknown[] = [
  ...[auth, billing, gateway, healer, healing, monitor, support],
  ...[breakerChanged, callQueued, errorCaptured],
].flatMap((owner) => Object.values(owner));
const isContract = (value: unknown): value is RequestContract | EventContract =>
  typeof value === 'object' && value !== null && 'type' in value && 'subject' in value && 'owner' in value;

/** Every request of the system. OpenAPI and the NATS allow-lists are made from it. */
export const REQUESTS: readonly RequestContract[] = all
  .filter(isContract)
  .filter((contract): contract is RequestContract => contract.type === 'request');

/** Every event of the system. AsyncAPI, the sweeper and the NATS allow-lists are made from it. */
export const EVENTS: readonly EventContract[] = all
  .filter(isContract)
  .filter((contract): contract is EventContract => contract.type === 'event');
