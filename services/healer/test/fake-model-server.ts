import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { REPLY_FORMAT } from '../src/model/system-prompt.ts';

/** What arrived, as it was sent. */
export interface ModelCall {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly text: string;
  readonly body: {
    readonly model: string;
    readonly messages: readonly { readonly role: string; readonly content: string }[];
    readonly response_format: typeof REPLY_FORMAT;
    readonly max_completion_tokens: number;
  };
}
export type Behaviour = (call: ModelCall, response: ServerResponse) => void | Promise<void>;

export interface FakeModel {
  /** `http://127.0.0.1:…/v1`. */
  readonly url: string;
  readonly calls: ModelCall[];
  /** The response to every call from now on. */
  behaviour: Behaviour;
  /** The responses to the next calls, one each, before `behaviour` applies again. */
  readonly next: Behaviour[];
  stop(): Promise<void>;
}

/** A real HTTP server that speaks the protocol of chat completions, and misbehaves on demand. */
export async function startFakeModel(behaviour: Behaviour = completes()): Promise<FakeModel> {
  const calls: ModelCall[] = [];
  const next: Behaviour[] = [];
  const server = createServer((request, response) => {
    void read(request).then((call) => {
      calls.push(call);
      return (next.shift() ?? model.behaviour)(call, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const model: FakeModel = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    calls,
    behaviour,
    next,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return model;
}

async function read(request: IncomingMessage): Promise<ModelCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return {
    path: request.url ?? '',
    authorization: request.headers.authorization,
    text,
    body: JSON.parse(text) as ModelCall['body'],
  };
}

/** The report of a call, as a model reads it. */
export function reportOf({ body }: ModelCall): {
  readonly source: string;
  readonly error: { readonly name: string; readonly message: string };
} {
  const user = body.messages.find(({ role }) => role === 'user')?.content ?? '';
  const source = /^Call site: (.+)$/m.exec(user)?.[1] ?? '';
  const json = /^BEGIN ([0-9a-f]{32})\n(.+)\nEND \1$/ms.exec(user)?.[2] ?? '{}';
  return { source, ...(JSON.parse(json) as { error: { name: string; message: string } }) };
}

/** A verdict that fits the question: its evidence is the begin of the message. */
export function verdictFor(call: ModelCall): Record<string, unknown> {
  const { error, source } = reportOf(call);
  return {
    root_cause: 'The other side closed the connection.',
    kind: 'connection_lost',
    strategy: 'RETRY_WITH_BACKOFF',
    confidence: 0.8,
    evidence: [error.message.slice(0, 40)],
    target: source,
  };
}

export function completion(content: unknown, choice: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'test-model-2026-11-01',
    choices: [
      {
        index: 0,
        finish_reason: 'stop',
        message: {
          role: 'assistant',
          content: typeof content === 'string' ? content : JSON.stringify(content),
          refusal: null,
        },
        ...choice,
      },
    ],
    usage: { prompt_tokens: 900, completion_tokens: 100, total_tokens: 1000 },
  };
}

export const sendsJson =
  (status: number, body: unknown, headers: Record<string, string> = {}): Behaviour =>
  (_call, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
export const sendsHtml =
  (status: number): Behaviour =>
  (_call, response) => {
    response.writeHead(status, { 'content-type': 'text/html' });
    response.end('<!doctype html><html><body><h1>Please wait</h1></body></html>');
  };
/** A good reply, with these fields of the verdict changed. */
export const completes =
  (change: Record<string, unknown> = {}, choice: Record<string, unknown> = {}): Behaviour =>
  (call, response) =>
    sendsJson(200, completion({ ...verdictFor(call), ...change }, choice))(call, response);
export const says =
  (content: string, choice: Record<string, unknown> = {}): Behaviour =>
  (call, response) =>
    sendsJson(200, completion(content, choice))(call, response);
export const fails = (status: number, code: string, headers: Record<string, string> = {}): Behaviour =>
  sendsJson(status, { error: { message: `It says ${code}`, type: code, code } }, headers);
/** Takes the question, and never says anything. */
export const hangs: Behaviour = () => undefined;
/** Half of a response, then the connection is closed. */
export const cutsMidBody: Behaviour = (call, response) => {
  const text = JSON.stringify(completion(verdictFor(call)));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
  response.write(text.slice(0, text.length / 2), () => response.destroy());
};
/** Half of a response, then nothing. */
export const hangsMidBody: Behaviour = (call, response) => {
  const text = JSON.stringify(completion(verdictFor(call)));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
  response.write(text.slice(0, text.length / 2));
};
/** Never comes to an end. */
export const sendsEndlessly =
  (status: number): Behaviour =>
  (_call, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
    };
    response.on('drain', more).on('error', () => undefined);
    more();
  };
