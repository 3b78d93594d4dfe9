import { createServer, connect as dial } from 'node:net';
import { type Faults, type Link, pump } from './proxy-link.ts';

export interface TcpProxy {
  readonly port: number;
  /** The same URL, but through the proxy. */
  through(url: string): string;
  /** Delays every chunk in both directions, in order; 0 removes the delay. */
  latency(ms: number): void;
  /** Resets (RST) all current connections, on both sides. */
  cut(): void;
  /** New connections are reset at once; open ones continue. */
  refuse(on: boolean): void;
  /**
   * Connections are accepted and bytes are dropped, in both directions. Switching it off resets connections
   * that lost bytes.
   */
  blackhole(on: boolean): void;
  /**
   * The server sees its connections closed; the clients do not notice, and the bytes they write are dropped.
   */
  halfOpen(): void;
  /** Cuts the stream into chunks of so many bytes; 0 stops this. */
  slice(bytes: number): void;
  /** Closes a connection after so many bytes from the server; null removes the limit. Counts from now on. */
  limit(bytes: number | null): void;
  /** Bytes per second, in each direction of a connection; 0: without a limit. */
  bandwidth(bytesPerSecond: number): void;
  /** Ends every fault above. */
  heal(): void;
  /** Connections that are open now. */
  connections(): number;
  /** Connections since the start. */
  accepted(): number;
  stop(): Promise<void>;
}

/** A TCP proxy on a free port of 127.0.0.1 that injects faults between any client and any server. */
export async function tcpProxy(options: {
  target: string | number | { host: string; port: number };
}): Promise<TcpProxy> {
  const target = resolveTarget(options.target);
  const links = new Set<Link>();
  const fault: Faults = {
    latencyMs: 0,
    refuse: false,
    blackhole: false,
    slice: 0,
    bytesPerSecond: 0,
    limit: null,
  };
  let accepted = 0;

  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    accepted++;
    client.on('error', () => undefined);
    if (fault.refuse) {
      client.resetAndDestroy();
      return;
    }
    const server = dial({ ...target, allowHalfOpen: true, noDelay: true });
    const link: Link = { client, server, swallowed: false, detached: false, sent: 0 };
    links.add(link);
    server.on('error', () => {
      // Forwards a refusal or a reset.
      if (!link.detached && !fault.blackhole) client.resetAndDestroy();
    });
    const settle = () => {
      if (client.destroyed && server.destroyed) links.delete(link);
    };
    client.on('close', () => {
      server.destroy();
      settle();
    });
    server.on('close', () => {
      if (!link.detached && !link.swallowed && !client.writableEnded) client.end();
      settle();
    });
    void pump(link, client, server, fault);
    void pump(link, server, client, fault);
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(0, '127.0.0.1', resolve);
  });
  const address = listener.address();
  if (!address || typeof address === 'string') throw new Error('the proxy has no port');
  const reset = (link: Link) => {
    link.client.resetAndDestroy();
    link.server.resetAndDestroy();
  };
  const endBlackhole = () => {
    fault.blackhole = false;
    for (const link of links) if (link.swallowed) reset(link);
  };

  return {
    port: address.port,
    through(url) {
      const parsed = new URL(url);
      parsed.hostname = '127.0.0.1';
      parsed.port = String(address.port);
      return parsed.toString();
    },
    latency(ms) {
      fault.latencyMs = ms;
    },
    cut() {
      for (const link of links) reset(link);
    },
    refuse(on) {
      fault.refuse = on;
    },
    blackhole(on) {
      if (on) fault.blackhole = true;
      else endBlackhole();
    },
    halfOpen() {
      for (const link of links) {
        link.detached = true;
        link.server.destroy();
      }
    },
    slice(bytes) {
      fault.slice = bytes;
    },
    limit(bytes) {
      fault.limit = bytes;
      for (const link of links) link.sent = 0;
    },
    bandwidth(bytesPerSecond) {
      fault.bytesPerSecond = bytesPerSecond;
    },
    heal() {
      Object.assign(fault, { latencyMs: 0, refuse: false, slice: 0, bytesPerSecond: 0, limit: null });
      endBlackhole();
    },
    connections: () => links.size,
    accepted: () => accepted,
    stop() {
      for (const link of links) {
        link.client.destroy();
        link.server.destroy();
      }
      return new Promise((resolve) => {
        listener.close(() => resolve());
      });
    },
  };
}

function resolveTarget(target: string | number | { host: string; port: number }): {
  host: string;
  port: number;
} {
  if (typeof target === 'number') return { host: '127.0.0.1', port: target };
  if (typeof target === 'object') return target;
  const url = new URL(target.includes('://') ? target : `tcp://${target}`);
  return { host: url.hostname, port: Number(url.port) };
}
