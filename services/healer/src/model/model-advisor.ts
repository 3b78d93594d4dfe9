import { type CapturedError, type ErrorsCaptured, type ServiceName } from '@gridworks/contracts';
import { counter, type Logger } from '@gridworks/observability';
import { buildPrompt } from './build-prompt.ts';
import type { ModelAdvice } from './incident-advice.ts';
import { makeVerdict } from './make-verdict.ts';
import type { Claim, PromptLedger } from './prompt-ledger.ts';
import type { Opinion } from './read-reply.ts';
import type { PromptSender } from './send-prompt.ts';
import type { OverCap } from './spend.ts';
import { PROMPT_VERSION } from './system-prompt.ts';
import type { VerdictStore } from './verdict-store.ts';
import { isWorthPrompting } from './worth-prompting.ts';

/** How many errors may wait to be sent to the model; when one more comes the oldest is dropped. */
export const MAX_WAITING = 50;
/** An error that this process handled is not looked up in the bucket again within this time. */
const HERE_MS = 600_000;
const MAX_REMEMBERED = 2_000;
/** A prompt without a reply that was surely not billed is sent again after this time. */
const AGAIN_MS = 900_000;
/**
 * After a cap was reached nothing is tried for at most this long; another healer's correction may free some
 * budget.
 */
const CAPPED_MS = 60_000;

const prompts = counter('healer_model_prompts_total', 'Errors that could be sent to the model', ['outcome']);
const refusals = counter('healer_model_refusals_total', 'Replies of the model that were no valid verdict', [
  'reason',
]);

export interface ModelAdvisorParts {
  /** Null without an API key: then nothing is ever sent. */
  readonly promptSender: Pick<PromptSender, 'send'> | null;
  readonly ledger: PromptLedger;
  readonly verdictStore: VerdictStore;
  readonly advice: ModelAdvice;
  readonly clock: () => number;
  readonly logger: Pick<Logger, 'log'>;
}
interface Waiting {
  readonly service: ServiceName;
  readonly captured: CapturedError;
}

/**
 * Sends errors that nothing else decides to the model: in the background, one at a time, each error once a
 * day over all healers. Its verdict is only stored and shown; it is not applied before a human starts a
 * trial.
 */
export class ModelAdvisor {
  readonly #parts: ModelAdvisorParts;
  readonly #waiting = new Map<string, Waiting>();
  readonly #remembered = new Map<string, number>();
  readonly #stopping = new AbortController();
  readonly #said = new Set<string>();
  #cappedUntil = 0;
  #working: Promise<void> | null = null;

  constructor(parts: ModelAdvisorParts) {
    this.#parts = parts;
  }

  /** Considers the errors that a process published. Returns at once and never throws. */
  consider(captured: ErrorsCaptured): void {
    if (this.#parts.promptSender === null || this.#stopping.signal.aborted) return;
    try {
      for (const one of captured.captures) if (isWorthPrompting(one)) this.#add(captured.service, one);
    } catch (error) {
      this.#parts.logger.log('model.consider_failed', { error });
    }
    if (this.#waiting.size > 0) this.#working ??= this.#work().finally(() => (this.#working = null));
  }

  /** Aborts the request under way, and drops the waiting errors. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the healer stops'));
    this.#waiting.clear();
    await this.#working;
    await this.#parts.verdictStore.stop();
  }

  #add(service: ServiceName, captured: CapturedError): void {
    const { fingerprint } = captured;
    if (this.#waiting.has(fingerprint)) return;
    const now = this.#parts.clock();
    if ((this.#remembered.get(fingerprint) ?? 0) > now) return;
    if (now < this.#cappedUntil) return void prompts.labels('over_cap').inc();
    this.#waiting.set(fingerprint, { service, captured });
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > MAX_WAITING && oldest !== undefined) {
      this.#waiting.delete(oldest);
      prompts.labels('dropped').inc();
    }
  }

  async #work(): Promise<void> {
    for (;;) {
      const [next] = this.#waiting;
      if (next === undefined) return;
      const [fingerprint, waiting] = next;
      this.#waiting.delete(fingerprint);
      try {
        await this.#send(waiting);
      } catch (error) {
        this.#parts.logger.log('model.prompt_failed', { error, fingerprint });
      }
    }
  }

  async #send({ service, captured }: Waiting): Promise<void> {
    const { promptSender, ledger, clock } = this.#parts;
    const { fingerprint } = captured;
    const prompt = buildPrompt(service, captured);
    if (prompt === null || promptSender === null) return this.#remember(fingerprint, clock() + HERE_MS);
    let claim: Claim | null;
    try {
      claim = await ledger.claim(fingerprint);
    } catch {
      // The bus is away. The error is considered again when it is captured again.
      prompts.labels('unclaimed').inc();
      return;
    }
    this.#remember(fingerprint, clock() + HERE_MS);
    if (claim === null) return void prompts.labels('asked_before').inc();
    if (this.#stopping.signal.aborted) return void (await this.#putOff(claim, 'stopped', clock()));
    const outcome = await promptSender.send(prompt, this.#stopping.signal);
    if ('over' in outcome) await this.#overCap(claim, fingerprint, outcome.over);
    else if ('unanswered' in outcome)
      await this.#unanswered(claim, fingerprint, outcome.unanswered, outcome.billed);
    else if ('refused' in outcome) await this.#refused(claim, fingerprint, outcome.refused);
    else await this.#suggested(claim, service, captured, outcome.opinion);
  }

  async #overCap(claim: Claim, fingerprint: string, { cap, until }: OverCap): Promise<void> {
    const { clock, logger } = this.#parts;
    prompts.labels('over_cap').inc();
    this.#cappedUntil = Math.min(until, clock() + CAPPED_MS);
    this.#remembered.delete(fingerprint);
    // Once for each cap and period, not for each error.
    const period = `${cap}|${until}`;
    if (!this.#said.has(period)) {
      if (this.#said.size > 100) this.#said.clear();
      this.#said.add(period);
      logger.log('model.cap_reached', { cap, until: new Date(until).toISOString() });
    }
    await this.#putOff(claim, cap, this.#cappedUntil);
  }

  async #unanswered(claim: Claim, fingerprint: string, reason: string, billed: boolean): Promise<void> {
    const { ledger, clock, logger } = this.#parts;
    prompts.labels('unanswered').inc();
    logger.log('model.unanswered', { fingerprint, reason, prompt_version: PROMPT_VERSION });
    // A prompt that may have been billed is not sent twice a day.
    if (billed) return void (await ledger.close(claim, { state: 'refused', reason }));
    this.#remember(fingerprint, clock() + AGAIN_MS);
    await this.#putOff(claim, reason, clock() + AGAIN_MS);
  }

  async #refused(claim: Claim, fingerprint: string, reason: string): Promise<void> {
    prompts.labels('refused').inc();
    refusals.labels(reason).inc();
    const fields = { fingerprint, reason, prompt_version: PROMPT_VERSION };
    this.#parts.logger.log('model.verdict_refused', fields);
    await this.#parts.ledger.close(claim, { state: 'refused', reason });
  }

  async #suggested(
    claim: Claim,
    service: ServiceName,
    captured: CapturedError,
    opinion: Opinion,
  ): Promise<void> {
    const { advice, ledger, clock, logger, verdictStore } = this.#parts;
    const verdict = makeVerdict(service, captured, opinion, clock());
    const { confidence, fingerprint, kind, model, prompt_version, strategy } = verdict;
    prompts.labels('suggested').inc();
    logger.log('model.suggested', { fingerprint, kind, strategy, confidence, model, prompt_version });
    await ledger.close(claim, { state: 'received', verdict });
    verdictStore.keep(verdict);
    const sure = confidence.toFixed(2);
    advice.advise(
      fingerprint,
      `The model suggests ${strategy} (not applied; confidence ${sure}): ${verdict.root_cause}`,
    );
  }

  #putOff(claim: Claim, reason: string, until: number): Promise<boolean> {
    const again_at = new Date(until).toISOString();
    return this.#parts.ledger.close(claim, { state: 'put-off', reason, again_at });
  }

  #remember(fingerprint: string, until: number): void {
    this.#remembered.delete(fingerprint);
    this.#remembered.set(fingerprint, until);
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > MAX_REMEMBERED && oldest !== undefined) this.#remembered.delete(oldest);
  }
}
