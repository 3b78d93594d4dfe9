import { readFileSync } from 'node:fs';
import { writeFileAtomic } from '../files/write-file.ts';
import { PortAllocator } from './free-port.ts';

/** The ports of one clone, by purpose; the same at each start while they are free. */
export class Ports {
  readonly #file: string;
  readonly #allocator = new PortAllocator();
  readonly #known: Record<string, number>;

  constructor(file: string) {
    this.#file = file;
    this.#known = read(file);
  }

  /** The port of a purpose (`nats`, `billing-2`); a `requested` port is used as it is. */
  async take(purpose: string, requested = 0): Promise<number> {
    const port = requested || (await this.#allocator.take(this.#known[purpose]));
    this.#known[purpose] = port;
    writeFileAtomic(this.#file, JSON.stringify(this.#known));
    return port;
  }
}

function read(file: string): Record<string, number> {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}
