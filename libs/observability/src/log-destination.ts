import { fstatSync, write, writeSync } from 'node:fs';

export interface LogDestinationOptions {
  /** Characters that may wait for the writer; lines beyond are dropped. Default 4 Mi. */
  readonly maxWaiting?: number;
  /** How long `flushSync` repeats a write that a reader holds up (EAGAIN), ms. Default 250. */
  readonly flushMs?: number;
}

/** How long to wait before a write is repeated that a reader holds up, ms. */
const RETRY_MS = 20;
/** How long `flushSync` gives a write that is under way in the background, ms. */
const UNDER_WAY_MS = 5;
const LINE_FEED = 0x0a;

/**
 * Where log lines go: a file descriptor that is written in the background. A line that cannot be written (disk full,
 * reader gone, I/O error) is dropped and counted, and the next line is tried again: logging never throws, never
 * blocks and keeps no line for ever. Not SonicBoom, whose `flushSync` (4.2.1) repeats ENOSPC without end and whose
 * write errors end the process.
 */
export class LogDestination {
  /** Called with the number of lines lost when a write succeeds after some were dropped. */
  onRecovered: ((droppedLines: number) => void) | undefined;
  readonly #fd: number;
  readonly #maxWaiting: number;
  readonly #flushMs: number;
  #waiting = '';
  /** What is being written: bytes, of which the first `#written` have been taken. */
  #current: Buffer | undefined;
  #written = 0;
  #isUnderWay = false;
  #retry: NodeJS.Timeout | undefined;
  #dropped = 0;
  #droppedInAll = 0;
  /** The last write ended within a line that was then dropped: the next begins on a new one. */
  #isTorn = false;
  #flushed: (() => void)[] = [];

  constructor(fd: number, options: LogDestinationOptions = {}) {
    this.#fd = fd;
    this.#maxWaiting = options.maxWaiting ?? 4 * 1024 * 1024;
    this.#flushMs = options.flushMs ?? 250;
  }

  /** Lines dropped since the start of the process. */
  get droppedLines(): number {
    return this.#droppedInAll;
  }

  /** Takes one line, its line feed included. */
  write(line: string): void {
    if (this.#waiting.length + line.length > this.#maxWaiting) {
      this.#count(1);
      return;
    }
    this.#waiting += line;
    if (!this.#current) this.#writeNext();
  }

  /** Calls back once everything that was given so far is written or dropped. */
  flush(done: () => void = () => {}): void {
    if (this.#current) this.#flushed.push(done);
    else done();
  }

  /** Writes what waits, now; drops what cannot be written. Ends within `flushMs` unless the system call itself blocks. */
  flushSync(): void {
    if (this.#isUnderWay) {
      // A thread has it, and its callback cannot run now: a moment, so that the order of the lines holds.
      pause(UNDER_WAY_MS);
      const bytes = this.#take();
      if (bytes) this.#writeSync(bytes, 0);
      return;
    }
    clearTimeout(this.#retry);
    for (let bytes = this.#next(); bytes; bytes = this.#next()) {
      this.#writeSync(bytes, this.#written);
      this.#current = undefined;
    }
  }

  /** All that waits; nothing waits then. */
  #take(): Buffer | undefined {
    if (this.#waiting === '') return undefined;
    const bytes = Buffer.from(`${this.#isTorn ? '\n' : ''}${this.#waiting}`);
    this.#waiting = '';
    return bytes;
  }

  /** What is to be written now: what was begun, else all that waits. */
  #next(): Buffer | undefined {
    if (this.#current) return this.#current;
    this.#written = 0;
    this.#current = this.#take();
    return this.#current;
  }

  #writeNext(): void {
    if (this.#isUnderWay) return;
    const bytes = this.#next();
    if (!bytes) {
      for (const done of this.#flushed.splice(0)) done();
      return;
    }
    this.#isUnderWay = true;
    write(this.#fd, bytes, this.#written, bytes.length - this.#written, null, (error, count) => {
      this.#isUnderWay = false;
      if (error?.code === 'EAGAIN') {
        this.#retry = setTimeout(() => this.#writeNext(), RETRY_MS).unref();
        return;
      }
      if (error) this.#drop(bytes, this.#written);
      else this.#written += count;
      if (error || this.#written === bytes.length) this.#current = undefined;
      if (!error && !this.#current) this.#recover();
      this.#writeNext();
    });
  }

  #writeSync(bytes: Buffer, from: number): void {
    const deadline = performance.now() + this.#flushMs;
    for (let written = from; written < bytes.length; ) {
      try {
        written += writeSync(this.#fd, bytes, written);
      } catch (error) {
        const isHeldUp = (error as NodeJS.ErrnoException).code === 'EAGAIN';
        if (!isHeldUp || performance.now() > deadline) {
          this.#drop(bytes, written);
          return;
        }
        pause(RETRY_MS);
      }
    }
    this.#recover();
  }

  #drop(bytes: Buffer, written: number): void {
    // The line feed that closes a torn line ends no line of its own.
    const from = written === 0 && this.#isTorn ? 1 : written;
    if (written > 0) this.#isTorn = bytes[written - 1] !== LINE_FEED;
    let lines = 0;
    for (let at = from; at < bytes.length; at++) if (bytes[at] === LINE_FEED) lines++;
    this.#count(lines);
  }

  #recover(): void {
    this.#isTorn = false;
    if (this.#dropped === 0) return;
    const dropped = this.#dropped;
    this.#dropped = 0;
    this.onRecovered?.(dropped);
  }

  #count(lines: number): void {
    this.#dropped += lines;
    this.#droppedInAll += lines;
  }
}

/** Holds this thread up. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

let standardOutput: LogDestination | undefined;

/** The one destination of this process on its standard output; what waits is written when the process ends. */
export function standardOutputDestination(): LogDestination {
  if (standardOutput) return standardOutput;
  const kind = fstatSync(1);
  // Node makes a pipe non-blocking when it opens it. A blocking one whose reader hangs would keep a thread in its
  // write, and the process, which waits for its threads, from ending.
  if (kind.isFIFO() || kind.isSocket()) void process.stdout;
  const made = new LogDestination(1);
  process.on('exit', () => made.flushSync());
  standardOutput = made;
  return made;
}
