import { randomBytes } from 'node:crypto';
import { Bus } from '@gridworks/bus';
import { ensureSyntheticPartner } from '@gridworks/contracts';
import { CONFIG } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { CallLedger } from './call-ledger.ts';

/** A key of the synthetic partner, and the calls that were made with it. */
export interface SyntheticKey {
  readonly id: string;
  readonly secret: string;
  /** The day on which it was made, UTC. Each day has a key of its own, so that counts stay small. */
  readonly day: string;
  readonly ledger: CallLedger;
}

/** A response of the portal. */
export interface PortalResponse {
  readonly status: number;
  readonly body: unknown;
}

/** The step of a business check that failed, with the reason. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
  readonly step: 'login' | 'call' | 'count';

  constructor(step: StepFailed['step'], reason: string) {
    super(reason);
    this.step = step;
  }
}

const ENSURE_MS = 3000;

/** Uses the portal through its public port, as any partner does. Its password and its key are in memory alone. */
@Injectable()
export class SyntheticPartner {
  readonly #url: string;
  #password: string | undefined;
  #email = '';
  #ensuredOn = '';
  #key: SyntheticKey | undefined;

  constructor(
    private readonly bus: Bus,
    @Inject(CONFIG) config: { readonly GATEWAY_URL: string },
  ) {
    this.#url = config.GATEWAY_URL;
  }

  /** The key of today; undefined before the first call of the day. */
  get key(): SyntheticKey | undefined {
    return this.#key?.day === today() ? this.#key : undefined;
  }

  /**
   * Does something as the logged-in owner, and logs out. Throws `StepFailed` with step `login` when the log-in
   * fails.
   */
  async asOwner<T>(signal: AbortSignal, work: (token: string) => Promise<T>): Promise<T> {
    await this.#ensure();
    const body = { email: this.#email, password: this.#password };
    const { status, body: session } = await this.#send('login', signal, 'POST', '/v1/sessions', { body });
    if (status !== 201) {
      // Somebody else has given the partner another password: another monitor, for instance.
      if (status === 401) this.#ensuredOn = '';
      throw new StepFailed(
        'login',
        `POST /v1/sessions responds with ${describeResponse({ status, body: session })}`,
      );
    }
    const { token } = session as { token: string };
    try {
      return await work(token);
    } finally {
      // What is left behind ends by itself.
      await this.#send('login', signal, 'DELETE', '/v1/sessions/current', { token }).catch(() => undefined);
    }
  }

  /** Makes the key of today, unless there is one. */
  async makeKey(token: string, signal: AbortSignal): Promise<SyntheticKey> {
    if (this.key) return this.key;
    const day = today();
    const { status, body } = await this.#send('login', signal, 'POST', '/v1/api-keys', {
      token,
      body: { name: 'monitor', mode: 'live' },
      idempotencyKey: randomBytes(16).toString('hex'),
    });
    if (status !== 201)
      throw new StepFailed('login', `POST /v1/api-keys responds with ${describeResponse({ status, body })}`);
    const { id, key: secret } = body as { id: string; key: string };
    this.#key = { id, secret, day, ledger: new CallLedger() };
    return this.#key;
  }

  /** Makes one metered call. Throws `StepFailed` with step `call` when there is no response. */
  async call({ secret, ledger }: SyntheticKey, signal: AbortSignal): Promise<PortalResponse> {
    const responded = ledger.sent();
    const response = await this.#send('call', signal, 'GET', '/v1/usage', { token: secret });
    responded(response.status, Date.now());
    return response;
  }

  /** The calls of a key that are counted. */
  async counted({ id, day }: SyntheticKey, token: string, signal: AbortSignal): Promise<number> {
    const { status, body } = await this.#send('count', signal, 'GET', `/v1/usage?from=${day}`, { token });
    if (status !== 200)
      throw new StepFailed('count', `GET /v1/usage responds with ${describeResponse({ status, body })}`);
    const { api_keys } = body as { api_keys: { api_key_id: string; calls: number }[] };
    return api_keys.find(({ api_key_id }) => api_key_id === id)?.calls ?? 0;
  }

  /** Once a day, and after a start: ends the key of before, since auth stores no secret that could be read again. */
  async #ensure(): Promise<void> {
    if (this.#ensuredOn === today()) return;
    const day = today();
    const password = randomBytes(32).toString('base64url');
    const { email } = await this.bus
      .request(ensureSyntheticPartner, { password }, { deadlineMs: ENSURE_MS })
      .catch((error: Error) => {
        throw new StepFailed('login', `auth does not make the synthetic partner: ${error.message}`);
      });
    this.#key = undefined;
    [this.#email, this.#password, this.#ensuredOn] = [email, password, day];
  }

  async #send(
    step: StepFailed['step'],
    signal: AbortSignal,
    method: string,
    path: string,
    { token, body, idempotencyKey }: { token?: string; body?: object; idempotencyKey?: string },
  ): Promise<PortalResponse> {
    try {
      const response = await fetch(new URL(path, this.#url), {
        method,
        signal,
        redirect: 'error',
        headers: {
          accept: 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json() };
    } catch (error) {
      const { cause, message } = error as Error & { cause?: { code?: string } };
      throw new StepFailed(
        step,
        `${method} ${path.split('?')[0]} has no response: ${cause?.code ?? message}`,
      );
    }
  }
}

const today = (): string => new Date().toISOString().slice(0, 10);

/** `503 PLATFORM.UNAVAILABLE` */
export function describeResponse({ status, body }: PortalResponse): string {
  const { code } = Object(body) as { code?: unknown };
  return typeof code === 'string' ? `${status} ${code}` : String(status);
}
