import { redactText } from '@gridworks/redaction';
import { CONFIG } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { type CheckOutcome, measured, type RunnableCheck } from '../check-outcome.ts';
import type { ExternalConfig } from './external.config.ts';

const REFUSED: readonly number[] = [401, 403];

/** Whether the OpenAI-compatible server of the healer responds and accepts the key. Sends no prompt. */
@Injectable()
export class ModelCheck implements RunnableCheck {
  readonly name = 'model';

  constructor(@Inject(CONFIG) private readonly config: ExternalConfig) {}

  get configured(): boolean {
    return this.config.OPENAI_API_KEY !== undefined;
  }

  attempt(timeoutMs: number): Promise<CheckOutcome> {
    return measured(() => this.#list(timeoutMs), describe);
  }

  async #list(timeoutMs: number): Promise<void> {
    const { OPENAI_BASE_URL: base, OPENAI_API_KEY: key } = this.config;
    const response = await fetch(`${base.replace(/\/$/, '')}/models`, {
      headers: { authorization: `Bearer ${key}` },
      redirect: 'error', // the key goes to no other host
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    if (REFUSED.includes(response.status))
      throw new Error(
        `the model refuses the key (${response.status}): set an OPENAI_API_KEY that is valid at OPENAI_BASE_URL`,
      );
    if (!response.ok) throw new Error(`the model responds to GET /models with status ${response.status}`);
  }
}

function describe(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  return redactText(cause ? `the model does not respond: ${cause.code ?? cause.message}` : message);
}
