import {
  type CapturedError,
  type ErrorsCaptured,
  newId,
  type ServiceName,
  type Verdict,
} from '@gridworks/contracts';
import type { LogEvent, LogFields, Logger } from '@gridworks/observability';
import { classify, fingerprint, HealingEnvironment } from '@gridworks/resilience';
import { ModelAdvisor } from '../src/model/model-advisor.ts';
import { ModelClient } from '../src/model/model-client.ts';
import type { ModelSettings } from '../src/model/model-settings.ts';
import { type PromptEntry, PromptLedger } from '../src/model/prompt-ledger.ts';
import { PromptSender } from '../src/model/send-prompt.ts';
import { SpendRepository } from '../src/model/spend.repository.ts';
import type { Spend } from '../src/model/spend.ts';
import { VerdictStore } from '../src/model/verdict-store.ts';
import { MemoryBucket } from './memory-bucket.ts';

export const KEY = 'local-key-0123456789';
const AT = '2026-11-22T10:00:00.000Z';
let made = 0;

/** An error that nothing decides. Its fingerprint is new unless given. */
export function captured(change: Partial<CapturedError> & { message?: string } = {}): CapturedError {
  const { message = 'the frobnicator lost its sprocket at gate 7', ...rest } = change;
  return {
    id: newId('event'),
    fingerprint: (++made).toString(16).padStart(16, '0'),
    source: 'billing.postgres.read',
    dependency: 'postgres',
    category: 'database',
    criticality: 'normal',
    kind: 'unknown',
    transient: false,
    strategy: 'ESCALATE',
    decided_by: 'none',
    confidence: 0.1,
    why: 'No rule matches.',
    rule: 'none',
    error: { name: 'Error', code: null, message, stack: null },
    steps: [],
    count: 1,
    healed: 0,
    outcomes: {},
    first_at: AT,
    last_at: AT,
    ...rest,
  };
}
export const batch = (captures: CapturedError[], service: ServiceName = 'billing'): ErrorsCaptured => ({
  service,
  instance: service,
  captures,
  dropped: 0,
});

export function settingsFor(url: string, change: Partial<ModelSettings> = {}): ModelSettings {
  return {
    primary: { url, key: KEY, model: 'test-model' },
    backup: null,
    attemptMs: 400,
    deadlineMs: 1_200,
    replyTokens: 300,
    ...change,
    caps: {
      callsPerHour: 1_000,
      tokensPerDay: 10_000_000,
      usdPerDay: 1_000,
      usdPerMillionIn: 2,
      usdPerMillionOut: 8,
      ...change.caps,
    },
  };
}

/** What all healers share, and what outlives them. */
export class ModelWorld {
  readonly prompts = new MemoryBucket<PromptEntry>();
  readonly limits = new MemoryBucket<Spend>();
  readonly stored: Verdict[] = [];
  readonly advised: { fingerprint: string; text: string }[] = [];
  readonly lines: { event: LogEvent; fields: LogFields }[] = [];
  /** PostgreSQL. */
  databaseAway = false;
  now = Date.parse(AT);

  environment(): HealingEnvironment {
    return new HealingEnvironment({ classify, fingerprint, random: () => 0 });
  }

  client(settings: ModelSettings, environment = this.environment()): ModelClient {
    return new ModelClient(settings, { environment });
  }

  promptSender(settings: ModelSettings, environment = this.environment()): PromptSender {
    const spend = new SpendRepository(this.limits, settings.caps, () => this.now);
    return new PromptSender(this.client(settings, environment), spend, settings);
  }

  /** A healer's model advisor; null: without a key. */
  advisor(settings: ModelSettings | null, holder = 'healer', environment = this.environment()): ModelAdvisor {
    const ledger = this.ledger(holder);
    return new ModelAdvisor({
      promptSender: settings && this.promptSender(settings, environment),
      ledger,
      verdictStore: this.verdictStore(ledger),
      advice: { advise: (fingerprint, text) => void this.advised.push({ fingerprint, text }) },
      clock: () => this.now,
      logger: this.logger,
    });
  }

  ledger(holder = 'healer'): PromptLedger {
    return new PromptLedger(this.prompts, holder, () => this.now);
  }

  verdictStore(ledger = this.ledger()): VerdictStore {
    const store = async (verdict: Verdict) => {
      if (this.databaseAway) throw new Error('PostgreSQL is away');
      if (!this.stored.some(({ id }) => id === verdict.id)) this.stored.push(verdict);
    };
    return new VerdictStore(store, ledger, this.logger, 20);
  }

  /** Everything that was logged and kept, as text. */
  async everything(): Promise<string> {
    const entries = [];
    for (const key of await this.prompts.keys()) entries.push(await this.prompts.get(key));
    return JSON.stringify([this.lines, this.stored, this.advised, entries]);
  }

  readonly logger: Pick<Logger, 'log'> = {
    log: (event, { error, ...rest } = {}) => {
      const shownError = error instanceof Error ? { error: `${error.stack}${JSON.stringify(error)}` } : {};
      this.lines.push({ event, fields: { ...rest, ...shownError } });
    },
  };
}
