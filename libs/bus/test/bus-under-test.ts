import { defineError, defineEvent, defineRequest, type ServiceName } from '@gridworks/contracts';
import type { NatsServer } from '@gridworks/testing';
import { z } from 'zod';
import { Bus, type BusOptions, type PlanOptions, publicKeyOf } from '../src/index.ts';

export const SIGNING_KEY = 'signing key of the tests';

export const WRONG = defineError({ code: 'BILLING.WRONG', kind: 'conflict', title: 'That is wrong' });

/** Responds as the test's handler decides. */
export const echo = defineRequest({
  subject: 'rpc.billing.echo.get',
  summary: 'Answer the same',
  input: z.strictObject({ text: z.string().max(100_000), times: z.number().int().default(1) }),
  output: z.object({ text: z.string() }),
  errors: [WRONG],
  callers: ['gateway', 'support'],
  repeatable: true,
  permission: 'public',
});

export const charge = defineRequest({
  subject: 'rpc.billing.charge.create',
  summary: 'Must not happen twice',
  input: z.strictObject({}),
  output: z.object({ charged: z.boolean() }),
  permission: 'public',
});

export const counted = defineEvent({
  subject: 'event.gateway.thing.counted',
  summary: 'A number',
  payload: z.object({ n: z.number().int() }),
  consumers: ['billing_count-thing'],
  listeners: ['gateway'],
});

/** The additions of the tests to the provisioner's plan. */
export const plan: PlanOptions = { events: [counted] };

const open: Bus[] = [];

/** A connected bus; `closeAll` closes it. */
export async function connectBus(
  server: NatsServer,
  service: ServiceName,
  options: Partial<BusOptions> = {},
): Promise<Bus> {
  const bus = await Bus.connect({
    servers: server.url,
    ...server.credentials(service),
    service,
    instance: service,
    ...(service === 'gateway' ? { signingKey: SIGNING_KEY } : { signingPublicKey: publicKeyOf(SIGNING_KEY) }),
    ...options,
  });
  open.push(bus);
  return bus;
}

export async function closeAll(): Promise<void> {
  await Promise.all(open.splice(0).map((bus) => bus.close()));
}
