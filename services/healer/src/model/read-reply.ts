import { type HealingStrategy, healingStrategySchema } from '@gridworks/contracts';
import { ERROR_KINDS, type FaultKind } from '@gridworks/resilience';
import { z } from 'zod';
import type { Prompt } from './build-prompt.ts';
import { plainLine } from './plain-text.ts';

/** With a lower confidence a verdict is only for reading: it suggests no strategy. */
export const CONFIDENT = 0.5;
const MAX_ROOT_CAUSE = 300;
const MAX_EVIDENCE = 5;
const MAX_QUOTE = 200;
/** A shorter quote occurs in any text; it counts only when it is the whole text, as an error code is. */
const MIN_QUOTE = 6;
/** The name of every error, so it is no evidence. */
const SAYS_NOTHING = 'error';

/** The model's reply, checked. Texts are redacted, cut, on one line, and only ever shown as plain text. */
export interface Opinion {
  readonly rootCause: string;
  readonly kind: FaultKind;
  readonly strategy: HealingStrategy;
  readonly confidence: number;
  readonly evidence: readonly string[];
  /** As the reply names it. */
  readonly model: string;
}

/** Why a reply is no valid verdict. */
export type Refusal =
  | 'not_a_completion'
  | 'no_choice'
  | 'declined'
  | 'cut_off'
  | 'not_finished'
  | 'not_json'
  | 'unknown_strategy'
  | 'unknown_kind'
  | 'wrong_shape'
  | 'wrong_target'
  | 'no_evidence';

export type Reading = { readonly opinion: Opinion } | { readonly refusal: Refusal };

const completionSchema = z.object({
  model: z.string().optional(),
  choices: z.array(
    z.object({
      finish_reason: z.string().nullish(),
      message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
    }),
  ),
});

const replySchema = z.strictObject({
  root_cause: z.string().trim().min(1).max(4_000),
  kind: z.enum(ERROR_KINDS),
  strategy: healingStrategySchema,
  confidence: z.number().min(0).max(1),
  evidence: z.array(z.string().max(4_000)).max(20),
  target: z.string(),
});

/**
 * Reads a chat completion as the reply to a prompt. Fails closed: a reply that does not fit is no verdict.
 * Quotes that do not occur in the prompt are dropped, and a reply without any valid quote is refused: a cause
 * without support in the report is made up, and not worth a human's time. A confidence under 0.5 turns the
 * strategy into ESCALATE.
 */
export function readReply(completion: unknown, prompt: Prompt, requestedModel: string): Reading {
  const parsed = completionSchema.safeParse(completion);
  if (!parsed.success) return { refusal: 'not_a_completion' };
  const [choice] = parsed.data.choices;
  if (!choice) return { refusal: 'no_choice' };
  const { finish_reason: finished, message } = choice;
  if (message.refusal || finished === 'content_filter') return { refusal: 'declined' };
  if (finished === 'length') return { refusal: 'cut_off' };
  if (finished !== 'stop') return { refusal: 'not_finished' };
  const reply = readContent(message.content ?? '');
  if ('refusal' in reply) return reply;
  const { kind, strategy, confidence, target } = reply.value;
  if (target !== prompt.source) return { refusal: 'wrong_target' };
  const evidence = quotesOf(reply.value.evidence, prompt.shown);
  if (evidence.length === 0) return { refusal: 'no_evidence' };
  return {
    opinion: {
      rootCause: plainLine(reply.value.root_cause, MAX_ROOT_CAUSE),
      kind,
      strategy: confidence < CONFIDENT ? 'ESCALATE' : strategy,
      confidence,
      evidence,
      model: plainLine(parsed.data.model ?? requestedModel, 100) || requestedModel,
    },
  };
}

function readContent(
  content: string,
): { readonly value: z.output<typeof replySchema> } | { readonly refusal: Refusal } {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch {
    return { refusal: 'not_json' };
  }
  // The schema does not see a key that would change the object's prototype.
  if (typeof json === 'object' && json !== null && Object.hasOwn(json, '__proto__'))
    return { refusal: 'wrong_shape' };
  const parsed = replySchema.safeParse(json);
  if (parsed.success) return { value: parsed.data };
  const wrong = new Set(parsed.error.issues.map(({ path }) => path[0]));
  if (wrong.has('strategy')) return { refusal: 'unknown_strategy' };
  if (wrong.has('kind')) return { refusal: 'unknown_kind' };
  return { refusal: 'wrong_shape' };
}

const comparable = (text: string): string => text.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase();

function quotesOf(evidence: readonly string[], shown: readonly string[]): string[] {
  const texts = shown.map(comparable);
  const found = evidence.filter((quote) => {
    const wanted = comparable(quote);
    if (wanted === '' || wanted === SAYS_NOTHING) return false;
    return texts.some((text) => text === wanted || (wanted.length >= MIN_QUOTE && text.includes(wanted)));
  });
  return [...new Set(found.map((quote) => plainLine(quote, MAX_QUOTE)))]
    .filter((quote) => quote !== '')
    .slice(0, MAX_EVIDENCE);
}
