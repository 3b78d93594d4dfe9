/** One thing that an attacker tries, and whether it got through. */
export interface Attempt {
  readonly name: string;
  readonly gotThrough: boolean;
}

/** What was tried, in its order. */
export class AttackList {
  readonly #attempts: Attempt[] = [];

  record(name: string, gotThrough: boolean): void {
    this.#attempts.push({ name, gotThrough });
  }

  get size(): number {
    return this.#attempts.length;
  }

  /** The names of those that got through. */
  get through(): string[] {
    return this.#attempts.filter(({ gotThrough }) => gotThrough).map(({ name }) => name);
  }

  /** `forged tokens: 90 tried, 0 got through`. */
  report(what: string): string {
    return `${what}: ${this.size} tried, ${this.through.length} got through\n`;
  }
}
