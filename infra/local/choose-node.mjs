// Chooses the Node that runs the portal. Plain JavaScript: bootstrap.mjs runs it under any Node >= 20.
import { realpathSync } from 'node:fs';
import { delimiter, join, sep } from 'node:path';

/**
 * The oldest Node of the machine that is used: older ones have known vulnerabilities or lack features that
 * the portal needs.
 */
export const LEAST_NODE = '24.22.1';

/** Whether version `a` (`24.22.1`) is `b` or newer. */
export function isAtLeast(a, b) {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (let part = 0; part < 3; part++) {
    if (left[part] !== right[part]) return left[part] > right[part];
  }
  return true;
}

/**
 * The machine's own Node: the Node that runs npm, else the first `node` of PATH, else `running`. Never a Node
 * inside of the clone: npm puts the `node` of node_modules first, so the current program may run on that.
 */
export function machineNode(root, running, env) {
  const onPath = (env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'node'));
  const modules = join(realpathSync(root), 'node_modules') + sep;
  for (const file of [env.npm_node_execpath, running, ...onPath]) {
    try {
      if (file && !realpathSync(file).startsWith(modules)) return file;
    } catch {
      // The file does not exist.
    }
  }
  return running;
}

/**
 * The machine's own Node when it is new enough, since its owner keeps it up to date; else that of the npm
 * package, when it runs here. `own` and `packaged` are versions, `packaged` is '' when there is none. Returns
 * `{ take, why }` with `take` 'own', 'packaged' or null.
 */
export function chooseNode(own, packaged) {
  if (isAtLeast(own, LEAST_NODE)) return { take: 'own', why: `${own}, the machine's own` };
  const older = `the machine's own ${own} is older than ${LEAST_NODE}`;
  if (/^24\./.test(packaged)) return { take: 'packaged', why: `${packaged} of the npm package: ${older}` };
  return { take: null, why: older };
}
