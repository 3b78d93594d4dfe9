import { SMTPServer } from 'smtp-server';
import { type ParsedMessage, parseMessage } from './parse-message.ts';

export interface ReceivedMessage extends ParsedMessage {
  /** Addresses of the envelope, not of the headers. */
  readonly from: string;
  readonly to: readonly string[];
}

export interface SmtpServerHandle {
  /** `smtp://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  /** The accepted messages, in order. */
  readonly messages: readonly ReceivedMessage[];
  /**
   * Every message is refused with this SMTP status (451: temporary, 550: permanent); null accepts messages
   * again.
   */
  reject(status: number | null): void;
  /** Reads messages without ever replying; switching it off drops the connections that hang. */
  hang(on: boolean): void;
  clear(): void;
  stop(): Promise<void>;
}

/** Starts a mail server on a free port that collects its messages. No TLS; accepts any credentials. */
export async function startSmtp(): Promise<SmtpServerHandle> {
  const messages: ReceivedMessage[] = [];
  let refusal: number | null = null;
  let hanging = false;

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onAuth: (auth, _session, done) => done(null, { user: auth.username ?? 'anybody' }),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (hanging) return;
        if (refusal !== null) {
          done(Object.assign(new Error('refused by the test'), { responseCode: refusal }));
          return;
        }
        messages.push({
          from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '',
          to: session.envelope.rcptTo.map((recipient) => recipient.address),
          ...parseMessage(Buffer.concat(chunks).toString('utf8')),
        });
        done();
      });
    },
  });
  server.on('error', () => undefined); // a client may disconnect at any time
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve());
  });
  const address = server.server.address();
  if (!address || typeof address === 'string') throw new Error('the mail server has no port');
  const dropConnections = () => {
    for (const connection of (server as unknown as { connections: Set<{ _socket?: { destroy(): void } }> })
      .connections)
      connection._socket?.destroy();
  };

  return {
    url: `smtp://127.0.0.1:${address.port}`,
    port: address.port,
    messages,
    reject(status) {
      refusal = status;
    },
    hang(on) {
      if (hanging && !on) dropConnections();
      hanging = on;
    },
    clear() {
      messages.length = 0;
    },
    stop() {
      dropConnections();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
