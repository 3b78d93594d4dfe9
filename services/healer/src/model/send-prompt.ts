import { counter } from '@gridworks/observability';
import { classify, healingOf } from '@gridworks/resilience';
import type { Prompt } from './build-prompt.ts';
import type { ModelClient, ModelReply } from './model-client.ts';
import type { ModelSettings } from './model-settings.ts';
import { type Opinion, readReply } from './read-reply.ts';
import type { Charged, SpendRepository } from './spend.repository.ts';
import type { OverCap, Tokens } from './spend.ts';

const tokensUsed = counter('healer_model_tokens_total', 'Tokens sent to and received from the model', [
  'way',
]);

/**
 * `unanswered`: no reply came. `billed` says whether one may have been produced all the same: then a retry
 * could be billed twice.
 */
export type Outcome =
  | { readonly opinion: Opinion }
  | { readonly refused: string }
  | { readonly over: OverCap }
  | { readonly unanswered: string; readonly billed: boolean };

/** Failures after which the model surely never received the prompt. */
const NEVER_REACHED = new Set(['connection_refused', 'dns_failure', 'tls_error']);
/** Statuses of a proxy that stopped waiting: the model behind it may have continued. */
const GAVE_UP_WAITING = new Set([408, 504]);

/** Whether a reply that never arrived may have been produced and billed. */
function mayBeBilled(error: unknown): boolean {
  if (NEVER_REACHED.has(classify(error, { dependency: 'openai' }).kind)) return false;
  const { status } = Object(error) as { status?: unknown };
  return typeof status !== 'number' || status < 400 || GAVE_UP_WAITING.has(status);
}

/** Sends one prompt within the caps: each attempt is counted before it is made. Never throws. */
export class PromptSender {
  constructor(
    private readonly client: Pick<ModelClient, 'send'>,
    private readonly spend: SpendRepository,
    private readonly settings: ModelSettings,
  ) {}

  async send(prompt: Prompt, signal?: AbortSignal): Promise<Outcome> {
    const expected = expectedTokens(prompt, this.settings.replyTokens);
    // Counted before the call site is entered: a spent budget says nothing about the health of the model.
    let reserved: Charged | null;
    try {
      const charged = await this.spend.charge(expected);
      if ('cap' in charged) return { over: charged };
      reserved = charged;
    } catch {
      return { unanswered: 'not_counted', billed: false };
    }
    const attempts: Attempt[] = [];
    const begin = async () => {
      const charged = reserved ?? (await this.spend.charge(expected).catch(() => null));
      reserved = null;
      if (charged === null || 'cap' in charged) return null;
      const attempt: Attempt = { charged, used: expected };
      attempts.push(attempt);
      return (error: unknown) => {
        if (!mayBeBilled(error)) attempt.used = NONE;
      };
    };
    try {
      const request = { messages: prompt.messages, begin };
      const reply = await this.client.send(request, this.settings.primary, signal);
      const responded = attempts.at(-1);
      if (responded) responded.used = usageOf(reply) ?? expected;
      return read(reply, prompt);
    } catch (error) {
      if (reserved) await this.spend.giveBack(reserved);
      const billed = attempts.some(({ used }) => used !== NONE);
      return { unanswered: healingOf(error)?.decision.kind ?? 'unknown', billed };
    } finally {
      await this.#settle(attempts);
    }
  }

  async #settle(attempts: readonly Attempt[]): Promise<void> {
    for (const { charged, used } of attempts) {
      await this.spend.settle(charged, used);
      tokensUsed.labels('in').inc(used.input);
      tokensUsed.labels('out').inc(used.output);
    }
  }
}

/**
 * One attempt that was made. An attempt that was abandoned and reports nothing more counts as if it had a
 * full reply.
 */
interface Attempt {
  readonly charged: Charged;
  used: Tokens;
}

const NONE: Tokens = { input: 0, output: 0 };

function read(reply: ModelReply, prompt: Prompt): Outcome {
  const reading = readReply(reply.completion, prompt, reply.endpoint.model);
  return 'opinion' in reading ? reading : { refused: reading.refusal };
}

/** An upper bound: tokenizers need at least two bytes for a token in all but made-up text. */
function expectedTokens({ messages }: Prompt, replyTokens: number): Tokens {
  const bytes = messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  return { input: Math.ceil(bytes / 2), output: replyTokens };
}

function usageOf({ completion }: ModelReply): Tokens | null {
  const { prompt_tokens: input, completion_tokens: output } =
    (completion as { usage?: Record<string, unknown> } | null)?.usage ?? {};
  const sane = (n: unknown): n is number => typeof n === 'number' && n >= 0 && n < 10_000_000;
  return sane(input) && sane(output) ? { input, output } : null;
}
