import { counter } from '@gridworks/observability';
import { healingOf } from '@gridworks/resilience';
import type { Question } from './frame-question.ts';
import type { ModelClient, ModelReply } from './model-client.ts';
import type { ModelSettings } from './model-settings.ts';
import { type Opinion, readAnswer } from './read-answer.ts';
import type { Charged, SpendRepository } from './spend.repository.ts';
import type { OverCap, Tokens } from './spend.ts';

const tokensUsed = counter('healer_model_tokens_total', 'Tokens sent to the model and answered by it', [
  'way',
]);

/**
 * `unanswered`: no answer came. `billed` says whether one may have been made all the same: then asking again would
 * be asking twice.
 */
export type Outcome =
  | { readonly opinion: Opinion }
  | { readonly refused: string }
  | { readonly over: OverCap }
  | { readonly unanswered: string; readonly billed: boolean };

/** Kinds of failures after which the model may have worked on the question. */
const MAYBE_ANSWERED = new Set(['timeout', 'connection_lost', 'cancelled', 'unknown', 'bad_gateway_body']);

/** Asks one question within the caps: each attempt is counted before it is made. Never throws. */
export class Asker {
  constructor(
    private readonly client: Pick<ModelClient, 'ask'>,
    private readonly spend: SpendRepository,
    private readonly settings: ModelSettings,
  ) {}

  async ask(question: Question, signal?: AbortSignal): Promise<Outcome> {
    const expected = expectedTokens(question, this.settings.answerTokens);
    // Counted before the call site is entered: a spent budget says nothing about whether the model is well.
    let reserved: Charged | null;
    try {
      const charged = await this.spend.charge(expected);
      if ('cap' in charged) return { over: charged };
      reserved = charged;
    } catch {
      return { unanswered: 'not_counted', billed: false };
    }
    const attempts: Charged[] = [];
    const mayAttempt = async () => {
      const charged = reserved ?? (await this.spend.charge(expected).catch(() => null));
      reserved = null;
      if (charged === null || 'cap' in charged) return false;
      attempts.push(charged);
      return true;
    };
    try {
      const request = { messages: question.messages, mayAttempt };
      const reply = await this.client.ask(request, this.settings.primary, signal);
      await this.#settle(attempts, usageOf(reply) ?? expected);
      return read(reply, question);
    } catch (error) {
      const kind = healingOf(error)?.decision.kind ?? 'unknown';
      const billed = attempts.length > 0 && MAYBE_ANSWERED.has(kind);
      if (reserved) await this.spend.giveBack(reserved);
      await this.#settle(attempts, billed ? expected : NONE);
      return { unanswered: kind, billed };
    }
  }

  /** Attempts before the last one brought nothing that is billed, or nothing that anybody knows of. */
  async #settle(attempts: readonly Charged[], used: Tokens): Promise<void> {
    for (const [index, charged] of attempts.entries())
      await this.spend.settle(charged, index === attempts.length - 1 ? used : NONE);
    tokensUsed.labels('in').inc(used.input);
    tokensUsed.labels('out').inc(used.output);
  }
}

const NONE: Tokens = { input: 0, output: 0 };

function read(reply: ModelReply, question: Question): Outcome {
  const reading = readAnswer(reply.completion, question, reply.endpoint.model);
  return 'opinion' in reading ? reading : { refused: reading.refusal };
}

/** At the most: tokenizers need at least two bytes for a token in all but made-up text. */
function expectedTokens({ messages }: Question, answerTokens: number): Tokens {
  const bytes = messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  return { input: Math.ceil(bytes / 2), output: answerTokens };
}

function usageOf({ completion }: ModelReply): Tokens | null {
  const { prompt_tokens: input, completion_tokens: output } =
    (completion as { usage?: Record<string, unknown> } | null)?.usage ?? {};
  const sane = (n: unknown): n is number => typeof n === 'number' && n >= 0 && n < 10_000_000;
  return sane(input) && sane(output) ? { input, output } : null;
}
