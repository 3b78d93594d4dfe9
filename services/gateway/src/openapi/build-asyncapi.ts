import { EVENTS } from '@gridworks/contracts';
import { nameOf, SchemaNames } from './name-schemas.ts';

type Json = Record<string, unknown>;

/** The AsyncAPI 3.1 document of all events of the system, made from their contracts. */
export function buildAsyncApi(version: string): Json {
  const schemas = new SchemaNames();
  const channels: Record<string, Json> = {};
  const operations: Record<string, Json> = {};
  const messages: Record<string, Json> = {};
  for (const contract of EVENTS) {
    const name = nameOf(contract);
    channels[name] = {
      address: contract.subject,
      messages: { [name]: { $ref: `#/components/messages/${name}` } },
    };
    operations[`${contract.owner}.emits.${name}`] = operation(
      'send',
      name,
      `${contract.owner}: ${contract.summary}`,
    );
    for (const consumer of contract.consumers)
      operations[`${consumer}.consumes.${name}`] = operation('receive', name, `Durable consumer ${consumer}`);
    for (const listener of contract.listeners)
      operations[`${listener}.receives.${name}`] = operation(
        'receive',
        name,
        `${listener} receives the event without storing it`,
      );
    messages[name] = {
      name: contract.subject,
      title: contract.summary,
      contentType: 'application/cloudevents+json',
      payload: cloudEvent(contract.subject, schemas.payload(contract)),
    };
  }
  return {
    asyncapi: '3.1.0',
    info: {
      title: 'GridWorks Partner Portal: events',
      version,
      description: 'CloudEvents 1.0 on NATS JetStream, stream EVENTS.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/cloudevents+json',
    servers: { nats: { host: 'nats:4222', protocol: 'nats' } },
    channels,
    operations,
    components: { schemas: schemas.render(), messages },
  };
}

function operation(action: 'send' | 'receive', name: string, summary: string): Json {
  return { action, summary, channel: { $ref: `#/channels/${name}` } };
}

/** The envelope of CloudEvents 1.0; `subject` is the id of the partner, if the event has one. */
function cloudEvent(type: string, data: Json): Json {
  return {
    type: 'object',
    required: ['specversion', 'id', 'source', 'type', 'time', 'data'],
    properties: {
      specversion: { const: '1.0' },
      id: { type: 'string' },
      source: { type: 'string' },
      type: { const: type },
      subject: { type: 'string' },
      time: { type: 'string', format: 'date-time' },
      data,
    },
  };
}
