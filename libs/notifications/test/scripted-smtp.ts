import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';

/** The command of the client, or the point of the session: `body` is the end of the message. */
export type SmtpMoment = 'greeting' | 'ehlo' | 'mail' | 'rcpt' | 'data' | 'body';
/**
 * A reply line, or the connection is cut, or there is no reply, or the normal reply comes so many
 * milliseconds later. Undefined: the normal reply.
 */
export type SmtpReply = string | 'cut' | 'silence' | { readonly after: number } | undefined;

const success: Record<SmtpMoment, string> = {
  greeting: '220 relay.example ESMTP',
  ehlo: '250 relay.example',
  mail: '250 2.1.0 OK',
  rcpt: '250 2.1.5 OK',
  data: '354 go ahead',
  body: '250 2.0.0 taken',
};

export interface ScriptedSmtp {
  readonly url: string;
  readonly port: number;
  /** Whole messages that were handed over, whatever the reply was. */
  readonly handedOver: string[];
  /** The number of open connections. */
  connections(): number;
  /** How often each point of a session was reached. */
  readonly moments: Record<SmtpMoment, number>;
  /** `visit`: the number of the connection, from 1. */
  script: (moment: SmtpMoment, visit: number) => SmtpReply;
  stop(): Promise<void>;
  /** Listens again on the same port after `stop`. */
  restart(): Promise<void>;
}

/** A mail server that replies at each point of a session as the test decides. No TLS, no login. */
export async function startScriptedSmtp(): Promise<ScriptedSmtp> {
  const sockets = new Set<Socket>();
  const handedOver: string[] = [];
  const moments = { greeting: 0, ehlo: 0, mail: 0, rcpt: 0, data: 0, body: 0 };
  let visits = 0;

  const serve = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    const visit = ++visits;
    const say = (moment: SmtpMoment): boolean => {
      moments[moment]++;
      const reply = smtp.script(moment, visit) ?? success[moment];
      if (typeof reply === 'object') {
        const timer = setTimeout(() => socket.write(`${success[moment]}\r\n`), reply.after);
        socket.on('close', () => clearTimeout(timer));
        return true;
      }
      if (reply === 'cut') socket.destroy();
      else if (reply !== 'silence') socket.write(`${reply}\r\n`);
      return reply === success[moment];
    };
    let pending = '';
    let inBody = false;
    socket.on('data', (chunk) => {
      pending += chunk.toString();
      for (;;) {
        const end = pending.indexOf(inBody ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const line = pending.slice(0, end);
        pending = pending.slice(end + (inBody ? 5 : 2));
        if (inBody) {
          handedOver.push(line);
          inBody = false;
          say('body');
          continue;
        }
        const verb = line.slice(0, 4).toLowerCase();
        if (verb === 'data') inBody = say('data');
        else if (verb === 'ehlo' || verb === 'mail' || verb === 'rcpt') say(verb);
        else if (verb === 'quit') socket.end('221 bye\r\n');
        else socket.write('250 OK\r\n');
      }
    });
    say('greeting');
  };

  let server: Server;
  const listen = async (port: number) => {
    server = createServer(serve);
    await new Promise<void>((resolve) => {
      server.listen(port, '127.0.0.1', resolve);
    });
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  const smtp: ScriptedSmtp = {
    url: `smtp://127.0.0.1:${port}`,
    port,
    handedOver,
    moments,
    connections: () => sockets.size,
    script: () => undefined,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
    restart: async () => {
      await listen(port);
    },
  };
  return smtp;
}
