import { setTimeout as sleep } from 'node:timers/promises';
import { sendSignal } from '../../../local/src/supervise/process-tree.ts';

/** Where Node opens its inspector on SIGUSR1, unless it was started with another `--inspect-port`. */
const INSPECTOR = 'http://127.0.0.1:9229';
const OPEN_WITHIN_MS = 5_000;
const RESPONSE_WITHIN_MS = 5_000;
const CLOSE_AFTER_MS = 100;

/**
 * Runs code in a Node process that was started without any preparation: SIGUSR1 has it open its inspector on loopback, which
 * evaluates the code and is closed again. `code` is a script; what it leaves behind (a timer, a global) stays. Throws when
 * the inspector does not open, belongs to another process, or the code throws.
 */
export async function evaluateIn(pid: number, code: string): Promise<void> {
  await inspect(pid, async (inspector) => {
    await inspector.evaluate(`(() => { ${code} })(); true`);
  });
}

/**
 * Changes objects of such a process. `change` is a function expression: it gets all plain objects of the process as `this`, in
 * an array, and returns how many it changed. Throws as `evaluateIn`, and when nothing was changed.
 */
export async function changeObjectsIn(pid: number, change: string): Promise<void> {
  await inspect(pid, async (inspector) => {
    const { result: prototype } = await inspector.send('Runtime.evaluate', {
      expression: 'Object.prototype',
    });
    const { objects } = await inspector.send('Runtime.queryObjects', {
      prototypeObjectId: prototype?.objectId,
    });
    const plain = 'this.filter((one) => Object.getPrototypeOf(one) === Object.prototype)';
    const { result: changed } = await inspector.send('Runtime.callFunctionOn', {
      objectId: objects?.objectId,
      functionDeclaration: `function () { return (${change}).call(${plain}); }`,
      returnByValue: true,
    });
    if (!changed?.value) throw new Error(`process ${pid} has no such object`);
  });
}

/** A remote object of the Chrome DevTools Protocol. */
interface RemoteObject {
  readonly objectId?: string;
  readonly value?: unknown;
}
interface Reply {
  readonly result?: RemoteObject;
  readonly objects?: RemoteObject;
  readonly exceptionDetails?: { readonly text: string };
}

async function inspect(pid: number, work: (inspector: Inspector) => Promise<void>): Promise<void> {
  if (!sendSignal(pid, 'SIGUSR1')) throw new Error(`process ${pid} has ended`);
  const socket = new WebSocket(await inspectorAddress());
  try {
    await opened(socket);
    const inspector = new Inspector(socket);
    const own = await inspector.evaluate('process.pid');
    if (own !== pid) throw new Error(`the inspector at ${INSPECTOR} belongs to process ${String(own)}`);
    try {
      await work(inspector);
    } finally {
      // The inspector closes itself a moment later, since the response must leave first.
      await inspector.evaluate(
        `setTimeout(() => process.getBuiltinModule('inspector').close(), ${CLOSE_AFTER_MS}).unref(); true`,
      );
    }
  } finally {
    socket.close();
  }
}

async function inspectorAddress(): Promise<string> {
  const end = performance.now() + OPEN_WITHIN_MS;
  for (;;) {
    try {
      const response = await fetch(`${INSPECTOR}/json/list`, { signal: AbortSignal.timeout(1_000) });
      const [target] = (await response.json()) as { webSocketDebuggerUrl: string }[];
      if (target) return target.webSocketDebuggerUrl;
    } catch (error) {
      if (performance.now() >= end) throw new Error('the inspector did not open', { cause: error });
    }
    await sleep(50);
  }
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true });
    socket.addEventListener('error', () => reject(new Error('the inspector refused the connection')), {
      once: true,
    });
  });
}

/** Sends commands to the inspector of a process, one after another. */
class Inspector {
  readonly #socket: WebSocket;
  #sent = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** The value of an expression in the process. */
  async evaluate(expression: string): Promise<unknown> {
    return (await this.send('Runtime.evaluate', { expression, returnByValue: true })).result?.value;
  }

  /** The result of a command. Throws when the command, or the code that it runs, fails. */
  async send(method: string, params: object): Promise<Reply> {
    const id = ++this.#sent;
    const response = this.#response(id);
    this.#socket.send(JSON.stringify({ id, method, params }));
    const { result, error } = JSON.parse(await response) as { result?: Reply; error?: { message: string } };
    if (!result || result.exceptionDetails)
      throw new Error(`the code failed: ${error?.message ?? result?.exceptionDetails?.text}`);
    return result;
  }

  #response(id: number): Promise<string> {
    const socket = this.#socket;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the inspector did not respond')), RESPONSE_WITHIN_MS);
      socket.addEventListener('message', function read({ data }: MessageEvent) {
        if (JSON.parse(String(data)).id !== id) return;
        clearTimeout(timer);
        socket.removeEventListener('message', read);
        resolve(String(data));
      });
    });
  }
}
