/**
 * A collection whose members come and go thousands of times a second. A `Set` or `Map` copies its table whenever
 * deleted entries have filled it. A left table that is old enough keeps its members alive, and all that they
 * refer to, through each collection of young objects until the next full collection: that doubled the time which
 * the gateway spent on garbage. Here a place is emptied where it is and used again.
 */
export class Slots<T extends object> {
  readonly #slots: (T | undefined)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#slots.length - this.#free.length;
  }

  /** Returns the slot of the member, for `delete`. */
  add(member: T): number {
    const slot = this.#free.pop() ?? this.#slots.length;
    this.#slots[slot] = member;
    return slot;
  }

  get(slot: number): T | undefined {
    return this.#slots[slot];
  }

  /** Call once for each member. */
  delete(slot: number): void {
    this.#slots[slot] = undefined;
    this.#free.push(slot);
  }

  /** The members now; those that are deleted meanwhile are left out. */
  *[Symbol.iterator](): Iterator<T> {
    for (const member of this.#slots) if (member) yield member;
  }
}
