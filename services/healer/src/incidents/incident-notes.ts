/** How long a note waits for its incident: what a process reports comes before the cause is detected. */
export const NOTE_WAITS_MS = 15_000;
const MAX_WAITING = 200;

/** Notes about what processes report of themselves, each of which waits for the incident that it belongs to. */
export class IncidentNotes<T> {
  #waiting: { readonly note: T; readonly until: number }[] = [];
  #polling = false;

  /** @param enter enters a note in its incident; false when there is none yet */
  constructor(
    private readonly enter: (note: T) => Promise<boolean>,
    private readonly clock: () => number,
  ) {}

  add(note: T): void {
    this.#waiting.push({ note, until: this.clock() + NOTE_WAITS_MS });
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
  }

  /** Enters the notes whose incident exists by now. Called a few times a second. */
  async poll(): Promise<void> {
    if (this.#polling || this.#waiting.length === 0) return;
    this.#polling = true;
    try {
      const now = this.clock();
      const waiting = this.#waiting;
      this.#waiting = [];
      // When the incident was merged away meanwhile, the note waits and another incident is searched for.
      for (const one of waiting)
        if (!(await this.enter(one.note).catch(() => false)) && one.until > now) this.#waiting.push(one);
    } finally {
      this.#polling = false;
    }
  }
}
