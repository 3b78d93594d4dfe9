import { randomUUID } from 'node:crypto';
import type { ServiceName } from '@gridworks/contracts';
import { connect, headers, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';
import { STORE_API } from '../src/permissions/index.ts';

/** A connection as a service's own NATS user, used by an attacker who sends any message. */
export async function connectAsAttacker(
  url: string,
  service: ServiceName,
  credentials: { user?: string; password?: string } = {},
): Promise<NatsConnection> {
  return connect({
    servers: url,
    ...(credentials.user && { user: credentials.user, pass: credentials.password ?? '' }),
    inboxPrefix: `_INBOX_${service}`,
    reconnect: false,
    ignoreAuthErrorAbort: true,
  });
}

/** The message that the attacker wants to have sent, and its target. */
export interface Forgery {
  readonly target: string;
  readonly body: string;
  readonly principalToken?: string | undefined;
}

/** An event that the attacker may publish, and its own durable consumer of it, when it has one. */
export interface OwnEvent {
  readonly subject: string;
  readonly consumer?: string | undefined;
}

export function forgedHeaders({ principalToken }: Pick<Forgery, 'principalToken'>): MsgHdrs {
  const h = headers();
  h.set('Request-Id', 'req_forged');
  h.set('Deadline-Ms', '2000');
  if (principalToken) h.set('Principal', principalToken);
  return h;
}

/**
 * Sends a request to JetStream. Returns its response, or undefined when there was none (refused by the
 * server, or no responder).
 */
export async function requestJetStream(
  nc: NatsConnection,
  subject: string,
  body: unknown = '',
): Promise<Record<string, unknown> | undefined> {
  try {
    const payload = typeof body === 'string' ? body : JSON.stringify(body);
    return (await nc.request(subject, payload, { timeout: 400 })).json();
  } catch {
    return undefined;
  }
}

/** Publishes to the target itself: the allow-lists must refuse this. */
export async function publishDirectly(nc: NatsConnection, forgery: Forgery, reply?: string): Promise<void> {
  nc.publish(forgery.target, forgery.body, { headers: forgedHeaders(forgery), ...(reply && { reply }) });
  await nc.flush();
}

/** Puts the forged message into a stream. Its acknowledgement, if any, goes to `reply`. */
export async function store(nc: NatsConnection, subject: string, forgery: Forgery, reply = '') {
  const h = forgedHeaders(forgery);
  h.set('Nats-Msg-Id', randomUUID());
  nc.publish(subject, forgery.body, { headers: h, ...(reply && { reply }) });
  await nc.flush();
}

/**
 * Has a stream deliver a stored message to the target, by a push consumer. Returns whether the server created
 * the consumer.
 */
export async function pushConsumer(
  nc: NatsConnection,
  from: { stream: string; subject: string; name?: string },
  forgery: Forgery,
  how: { ack: 'none' | 'explicit'; group?: string | undefined },
): Promise<boolean> {
  const name = from.name ?? `x${randomUUID().slice(0, 8)}`;
  const response = await requestJetStream(
    nc,
    `$JS.API.CONSUMER.CREATE.${from.stream}.${name}.${from.subject}`,
    {
      stream_name: from.stream,
      config: {
        name,
        ...(from.name ? { durable_name: name } : { inactive_threshold: 5e9 }),
        deliver_subject: forgery.target,
        ...(how.group && { deliver_group: how.group }),
        deliver_policy: 'all',
        ack_policy: how.ack,
        filter_subject: from.subject,
        replay_policy: 'instant',
        ...(how.ack === 'explicit' && { max_deliver: 1 }),
      },
      action: '',
    },
  );
  if (response === undefined || 'error' in response) return false;
  await store(nc, from.subject, forgery);
  return true;
}

/** Has a pull consumer deliver its messages to the target: the target is the reply subject of the pull. */
export async function pullTo(
  nc: NatsConnection,
  consumer: string,
  target: string,
  prefix = STORE_API,
): Promise<void> {
  nc.publish(
    `${prefix}.CONSUMER.MSG.NEXT.EVENTS.${consumer}`,
    JSON.stringify({ batch: 10, expires: 200_000_000 }),
    { reply: target },
  );
  await nc.flush();
}

/** Has the responder of this subject send its response to the target. */
export async function responseTo(
  nc: NatsConnection,
  requested: string,
  target: string,
  body = '{}',
  withHeaders?: MsgHdrs,
): Promise<void> {
  nc.publish(requested, body, { reply: target, ...(withHeaders && { headers: withHeaders }) });
  await nc.flush();
}
