import { connect, type Socket } from 'node:net';

export interface NatsReply {
  /** The body as text; `null` when no reply came in time. */
  readonly body: string | null;
  /** The errors that the server sent meanwhile, in its own words. */
  readonly refused: readonly string[];
}

/**
 * The part of the NATS client protocol that an attacker needs, over a bare socket: it can send what a client
 * library would refuse to send. https://docs.nats.io/reference/reference-protocols/nats-protocol
 */
export class NatsClient {
  readonly #socket: Socket;
  readonly #inbox: string;
  readonly #waiting = new Map<string, (body: string) => void>();
  readonly #refused: string[] = [];
  #text = '';
  #requests = 0;
  #pong: (() => void) | undefined;

  private constructor(socket: Socket, inbox: string) {
    this.#socket = socket;
    this.#inbox = inbox;
    socket.on('data', (data) => this.#take(data.toString('latin1')));
    socket.on('error', () => undefined);
  }

  /** @param user a service; it may subscribe to `_INBOX_<service>.>` and to no inbox of another. */
  static async open(port: number, user: string, password: string): Promise<NatsClient> {
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    const client = new NatsClient(socket, `_INBOX_${user}.attack`);
    const options = {
      user,
      pass: password,
      verbose: false,
      pedantic: false,
      headers: true,
      no_responders: true,
    };
    client.#write(`CONNECT ${JSON.stringify({ ...options, lang: 'raw', version: '1', protocol: 1 })}\r\n`);
    client.#write(`SUB ${client.#inbox}.* 1\r\n`);
    await client.flush();
    return client;
  }

  /** Sends a request, with headers, and waits for its reply. */
  async request(
    subject: string,
    body: string,
    headers: Record<string, string> = {},
    timeoutMs = 1500,
  ): Promise<NatsReply> {
    this.#refused.length = 0;
    const inbox = `${this.#inbox}.${++this.#requests}`;
    const reply = new Promise<string | null>((resolve) => {
      const timer = setTimeout(() => resolve(null), timeoutMs);
      this.#waiting.set(inbox, (text) => {
        clearTimeout(timer);
        resolve(text);
      });
    });
    this.publish(subject, body, headers, inbox);
    const text = await reply;
    this.#waiting.delete(inbox);
    return { body: text, refused: [...this.#refused] };
  }

  /** Publishes; `reply` may be any subject, also one of another service. */
  publish(subject: string, body: string, headers: Record<string, string> = {}, reply = ''): void {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `NATS/1.0\r\n${lines.join('')}\r\n`;
    const size = Buffer.byteLength(head) + Buffer.byteLength(body);
    this.#write(
      `HPUB ${subject} ${reply ? `${reply} ` : ''}${Buffer.byteLength(head)} ${size}\r\n${head}${body}\r\n`,
    );
  }

  /**
   * Resolves when the server has processed everything that was sent. Returns its errors since the last
   * request.
   */
  async flush(): Promise<readonly string[]> {
    await new Promise<void>((resolve) => {
      this.#pong = resolve;
      this.#write('PING\r\n');
    });
    return [...this.#refused];
  }

  close(): void {
    this.#socket.destroy();
  }

  #write(text: string): void {
    this.#socket.write(text);
  }

  #take(text: string): void {
    this.#text += text;
    for (;;) {
      const end = this.#text.indexOf('\r\n');
      if (end < 0) return;
      const line = this.#text.slice(0, end);
      const message = /^(H?)MSG (\S+) \S+ (?:(\S+) )??(?:(\d+) )?(\d+)$/.exec(line);
      if (!message) {
        this.#text = this.#text.slice(end + 2);
        if (line === 'PONG') this.#pong?.();
        else if (line === 'PING') this.#write('PONG\r\n');
        else if (line.startsWith('-ERR')) this.#refused.push(line.slice(5));
        continue;
      }
      const [, hasHeaders, subject = '', , headSize = '0', size = '0'] = message;
      if (this.#text.length < end + 4 + Number(size)) return;
      const payload = this.#text.slice(end + 2, end + 2 + Number(size));
      this.#text = this.#text.slice(end + 4 + Number(size));
      this.#waiting.get(subject)?.(hasHeaders ? payload.slice(Number(headSize)) : payload);
    }
  }
}
