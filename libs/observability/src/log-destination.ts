import { fstatSync, write, writeSync } from 'node:fs';

export interface LogDestinationOptions {
  /** The maximum number of characters that wait to be written; further lines are dropped. Default 4 Mi. */
  readonly maxWaiting?: number;
  /** For how long `flushSync` repeats a write that the reader blocks (EAGAIN), ms. Default 250. */
  readonly flushMs?: number;
}

/** The wait before a write that the reader blocked is repeated, ms. */
const RETRY_MS = 20;
/** How long `flushSync` waits for a write that is under way in the background, ms. */
const UNDER_WAY_MS = 5;
const LINE_FEED = 0x0a;

/**
 * The destination of log lines: a file descriptor that is written in the background. A line that cannot be
 * written (disk full, reader gone, I/O error) is dropped and counted, and the next line is tried again:
 * logging never throws, never blocks and keeps no line for ever. SonicBoom is not used, since its `flushSync`
 * (4.2.1) repeats ENOSPC without end and its write errors end the process.
 */
export class LogDestination {
  /** Called with the number of lines lost when a write succeeds after some were dropped. */
  onRecovered: ((droppedLines: number) => void) | undefined;
  readonly #fd: number;
  readonly #maxWaiting: number;
  readonly #flushMs: number;
  #waiting = '';
  /** The bytes being written, of which the first `#written` have been accepted. */
  #current: Buffer | undefined;
  #written = 0;
  #isUnderWay = false;
  #retry: NodeJS.Timeout | undefined;
  #dropped = 0;
  #droppedInAll = 0;
  /** The last write ended within a line that was then dropped: the next line must start on a new line. */
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

  /** Calls back once all lines so far are written or dropped. */
  flush(done: () => void = () => {}): void {
    if (this.#current) this.#flushed.push(done);
    else done();
  }

  /**
   * Writes all waiting lines, now; drops those that cannot be written. Ends within `flushMs` unless the
   * system call itself blocks.
   */
  flushSync(): void {
    if (this.#isUnderWay) {
      // A thread is writing, and its callback cannot run now: wait a moment, so that the order of the lines
      // is kept.
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

  /** Removes and returns all waiting lines. */
  #take(): Buffer | undefined {
    if (this.#waiting === '') return undefined;
    const bytes = Buffer.from(`${this.#isTorn ? '\n' : ''}${this.#waiting}`);
    this.#waiting = '';
    return bytes;
  }

  /** The next bytes to write: the rest of the current write, else all waiting lines. */
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
    // The line feed that closes a torn line does not end a line of its own.
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

/** Blocks this thread. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

let standardOutput: LogDestination | undefined;

/**
 * The one destination of this process on its standard output; waiting lines are written when the process
 * ends.
 */
export function standardOutputDestination(): LogDestination {
  if (standardOutput) return standardOutput;
  const kind = fstatSync(1);
  // Node makes a pipe non-blocking when it opens it. With a blocking pipe whose reader hangs, a thread would
  // stay in its write and keep the process from ending, since the process waits for its threads.
  if (kind.isFIFO() || kind.isSocket()) void process.stdout;
  const made = new LogDestination(1);
  process.on('exit', () => made.flushSync());
  standardOutput = made;
  return made;
}
