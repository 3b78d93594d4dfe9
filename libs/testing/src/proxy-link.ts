import type { Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/** The faults of the line now; they may change while connections are open. */
export interface Faults {
  latencyMs: number;
  refuse: boolean;
  blackhole: boolean;
  /** Bytes per chunk; 0: as they come. */
  slice: number;
  /** 0: without a limit. */
  bytesPerSecond: number;
  /** Bytes to the client until the connection ends; null: no limit. */
  limit: number | null;
}

/** One connection: both sides of it. */
export interface Link {
  readonly client: Socket;
  readonly server: Socket;
  swallowed: boolean;
  detached: boolean;
  sent: number;
}

/** Carries bytes one way until their sender has ended. */
export async function pump(link: Link, from: Socket, to: Socket, fault: Faults): Promise<void> {
  // Reading and writing are separate, so that latency delays each chunk without slowing the stream down.
  const queue: { chunk: Buffer; due: number }[] = [];
  let ended = false;
  let wake = () => {};
  from.on('data', (chunk: Buffer) => {
    queue.push({ chunk, due: Date.now() + fault.latencyMs });
    if (queue.length > 256) from.pause();
    wake();
  });
  from.on('close', () => {
    ended = true;
    wake();
  });
  from.on('end', () => {
    ended = true;
    wake();
  });
  for (;;) {
    const next = queue.shift();
    if (!next) {
      if (ended) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      continue;
    }
    if (queue.length < 64) from.resume();
    const wait = next.due - Date.now();
    if (wait > 0) await sleep(wait);
    if (fault.blackhole || link.detached) {
      link.swallowed = true;
      continue;
    }
    await forward(link, next.chunk, to, fault);
  }
  if (!link.swallowed && !link.detached && !to.destroyed) to.end();
}

async function forward(link: Link, chunk: Buffer, to: Socket, fault: Faults): Promise<void> {
  const toClient = to === link.client;
  // A slow line sends a little every 50 ms, not everything at the end.
  const step = fault.slice || Math.ceil(fault.bytesPerSecond / 20) || chunk.length;
  for (let at = 0; at < chunk.length; at += step) {
    let piece = chunk.subarray(at, at + step);
    const left = toClient && fault.limit !== null ? fault.limit - link.sent : null;
    if (left !== null) piece = piece.subarray(0, Math.max(0, left));
    if (fault.bytesPerSecond) await sleep((piece.length * 1000) / fault.bytesPerSecond);
    else if (fault.slice) await nextTurn();
    if (to.destroyed) return;
    if (piece.length > 0) to.write(piece);
    if (toClient) link.sent += piece.length;
    if (left !== null && piece.length >= left) {
      link.client.end();
      link.server.destroy();
      return;
    }
  }
  if (to.writableNeedDrain)
    await new Promise<void>((resolve) => {
      to.once('drain', resolve);
      to.once('close', resolve);
    });
}
