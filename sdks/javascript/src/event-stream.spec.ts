import { afterEach, describe, expect, it } from '@jest/globals';
import { problem, type ScriptedServer, type Step, scriptedServer } from '../test/scripted-server.ts';
import { Caller } from './caller.ts';
import { parseEvents, type StreamEvent, streamEvents } from './event-stream.ts';

const bytes = (...parts: string[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
      controller.close();
    },
  });
async function all(events: AsyncIterable<StreamEvent>): Promise<StreamEvent[]> {
  const found: StreamEvent[] = [];
  for await (const event of events) found.push(event);
  return found;
}

describe('parseEvents', () => {
  it('reads types, ids, several lines of data, comments, and every kind of line end', async () => {
    const text =
      ': hello\n\nevent: a\nid: 1\ndata: {"x":\ndata: 1}\n\nid: 2\r\ndata: plain\r\n\r\ndata:tight\r\rdata\n\n';
    expect(await all(parseEvents(bytes(text)))).toEqual([
      { type: 'a', data: { x: 1 }, id: '1' },
      { type: 'message', data: 'plain', id: '2' },
      { type: 'message', data: 'tight', id: '2' },
      { type: 'message', data: '', id: '2' },
    ]);
  });

  it('reads the same events for any split of the bytes', async () => {
    const text = 'event: ü\r\ndata: {"name":"Zoë"}\r\n\r\nretry: 50\ndata: 2\n\n';
    const whole = await all(parseEvents(bytes(text)));
    const raw = [...new TextEncoder().encode(text)];
    const single = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of raw) controller.enqueue(new Uint8Array([byte]));
        controller.close();
      },
    });
    const retries: number[] = [];
    expect(await all(parseEvents(single, (ms) => retries.push(ms)))).toEqual(whole);
    expect(retries).toEqual([50]);
  });
});

describe('streamEvents', () => {
  let server: ScriptedServer | undefined;
  afterEach(async () => server?.stop());
  const events =
    (text: string, end = true): Step =>
    (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(text);
      if (end) response.end();
    };

  it('connects again after an end, a failure and a silence, with the id of the last event', async () => {
    server = await scriptedServer(
      events('retry: 1\nid: 7\ndata: 1\n\n'),
      problem(503, 'PLATFORM.UNAVAILABLE'),
      (response) => response.destroy(),
      events('data: 2\n\n', false),
      events('data: 3\n\n', false),
    );
    const stop = new AbortController();
    const states: string[] = [];
    const seen: unknown[] = [];
    const options = { signal: stop.signal, silenceMs: 200, onState: (state: string) => states.push(state) };
    for await (const { data } of streamEvents(
      new Caller({ baseUrl: server.url }),
      '/v1/admin/events',
      options,
    )) {
      seen.push(data);
      if (data === 3) stop.abort();
    }
    expect(seen).toEqual([1, 2, 3]);
    expect(states).toEqual(['open', 'lost', 'lost', 'lost', 'open', 'lost', 'open']);
    expect(server.requests.map(({ headers }) => headers['last-event-id'])).toEqual([
      undefined,
      '7',
      '7',
      '7',
      '7',
    ]);
  });

  it('ends with an error that a repeat cannot resolve', async () => {
    server = await scriptedServer(problem(403, 'PLATFORM.FORBIDDEN'));
    await expect(
      all(streamEvents(new Caller({ baseUrl: server.url }), '/v1/admin/events')),
    ).rejects.toMatchObject({ status: 403 });
  });
});
