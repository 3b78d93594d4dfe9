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
  if (!sendSignal(pid, 'SIGUSR1')) throw new Error(`process ${pid} has ended`);
  const socket = new WebSocket(await inspectorAddress());
  try {
    await opened(socket);
    const own = await evaluate(socket, 1, 'process.pid');
    if (own !== pid) throw new Error(`the inspector at ${INSPECTOR} belongs to process ${String(own)}`);
    // The inspector closes itself a moment later, since the response must leave first.
    const close = `setTimeout(() => process.getBuiltinModule('inspector').close(), ${CLOSE_AFTER_MS}).unref()`;
    await evaluate(socket, 2, `${close}; (() => { ${code} })(); true`);
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

/** The value of an expression in the process. */
async function evaluate(socket: WebSocket, id: number, expression: string): Promise<unknown> {
  const response = new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the inspector did not respond')), RESPONSE_WITHIN_MS);
    socket.addEventListener('message', function read({ data }: MessageEvent) {
      if (JSON.parse(String(data)).id !== id) return;
      clearTimeout(timer);
      socket.removeEventListener('message', read);
      resolve(String(data));
    });
  });
  socket.send(
    JSON.stringify({ id, method: 'Runtime.evaluate', params: { expression, returnByValue: true } }),
  );
  const { result, error } = JSON.parse(await response) as {
    result?: { result: { value?: unknown }; exceptionDetails?: { text: string } };
    error?: { message: string };
  };
  if (!result || result.exceptionDetails)
    throw new Error(`the code failed: ${error?.message ?? result?.exceptionDetails?.text}`);
  return result.result.value;
}
