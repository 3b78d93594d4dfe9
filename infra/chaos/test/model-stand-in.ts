import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the stand-in does with one question. */
export type Turn = 'advise' | 'too-many-requests' | 'html' | 'unavailable';

/**
 * Speaks the protocol of an OpenAI-compatible endpoint over real HTTP: uses its turns in order, and returns
 * its advice once there are none left. The advice names the call site of the prompt, as the protocol
 * requires.
 */
export class ModelStandIn {
  /** Turns still to come. */
  readonly turns: Turn[] = [];
  /** Bodies of the questions, as they came. */
  readonly prompts: string[] = [];
  /** ms since the epoch at which each question came. */
  readonly times: number[] = [];
  readonly #server: Server;
  readonly #advice: (prompt: string) => object;

  private constructor(advice: (prompt: string) => object) {
    this.#advice = advice;
    this.#server = createServer((request, response) => {
      // Monitor's check lists the models; it is no question.
      if (request.method === 'GET') {
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"object":"list","data":[]}');
        return;
      }
      let body = '';
      request.on('data', (part) => (body += String(part)));
      request.on('end', () => {
        this.prompts.push(body);
        this.times.push(Date.now());
        switch (this.turns.shift() ?? 'advise') {
          case 'too-many-requests':
            response.writeHead(429, { 'retry-after': '1', 'content-type': 'application/json' });
            response.end(
              JSON.stringify({
                error: { message: 'Rate limit reached', type: 'requests', code: 'rate_limit_exceeded' },
              }),
            );
            return;
          case 'html':
            response.writeHead(200, { 'content-type': 'text/html' });
            response.end('<!DOCTYPE html><html><body><h1>Welcome to nginx!</h1></body></html>');
            return;
          case 'unavailable':
            response.writeHead(503, { 'content-type': 'application/json' });
            response.end(JSON.stringify({ error: { message: 'overloaded', type: 'server_error' } }));
            return;
          default:
            response.writeHead(200, { 'content-type': 'application/json' });
            response.end(JSON.stringify(this.#completion(body)));
        }
      });
    });
  }

  static async start(advice: (prompt: string) => object): Promise<ModelStandIn> {
    const standIn = new ModelStandIn(advice);
    await new Promise<void>((resolve) => standIn.#server.listen(0, '127.0.0.1', resolve));
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #completion(prompt: string): object {
    const { model } = JSON.parse(prompt) as { model: string };
    return {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: Math.floor(Date.now() / 1000),
      model,
      choices: [
        {
          index: 0,
          finish_reason: 'stop',
          message: { role: 'assistant', content: JSON.stringify(this.#advice(prompt)), refusal: null },
        },
      ],
      usage: { prompt_tokens: 400, completion_tokens: 60, total_tokens: 460 },
    };
  }
}
