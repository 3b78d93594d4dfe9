import { killLeftovers, killTree, processesWithVariable } from './process-tree.ts';

/** Set in the environment of every process of a clone; its value is the clone's `.local/`. */
export const MARKER_VARIABLE = 'GRIDWORKS_LOCAL';
/** The process of the clone that this is, or that started it. */
const NAME_VARIABLE = 'GRIDWORKS_PROCESS';

/**
 * A process and all its descendants, whatever group or session they moved to: recognised by marks in the
 * environment.
 */
export class ProcessFamily {
  /** Variables for the environment of the root of the family. */
  readonly marks: Readonly<Record<string, string>>;
  readonly #strays: () => number[];

  /** `strays` finds children that hide their environment and left the group. */
  constructor(marker: string, name: string, strays: () => number[] = () => []) {
    const family = `${marker}:${name}`;
    this.marks = { [MARKER_VARIABLE]: marker, [NAME_VARIABLE]: family };
    this.#strays = () => [...processesWithVariable(NAME_VARIABLE, family), ...strays()];
  }

  /** SIGKILL to all of them, `pid` first. Resolves when they are gone, or after 3 s. */
  async kill(pid: number): Promise<void> {
    await killTree(pid, this.#strays);
  }

  /** SIGKILL to the descendants that `pid` left behind when it ended. */
  async killLeftovers(pid: number): Promise<void> {
    await killLeftovers(pid, this.#strays);
  }
}
