/** Keeps the last `capacity` ids and forgets the oldest first. */
export class RecentIds {
  readonly #ids = new Set<string>();

  constructor(private readonly capacity: number) {}

  /** False when the id is known already. */
  add(id: string): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    if (this.#ids.size > this.capacity) this.#ids.delete(this.#ids.values().next().value as string);
    return true;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  forget(id: string): void {
    this.#ids.delete(id);
  }
}
