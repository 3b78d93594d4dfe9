import type { ErrorFacts } from './error-facts.ts';
import type { ErrorSource } from './kinds/classification.ts';
import { type ProviderFacts, readEmbeddedJson } from './read-body.ts';
import { readWords } from './read-prose.ts';

const PROVIDERS: ReadonlySet<ErrorSource> = new Set([
  'http',
  'openai',
  'stripe',
  'twilio',
  'smtp',
  'kubernetes',
]);

/** The words are computed only when they are needed: most errors are decided by their code. */
export class Subject {
  readonly facts: ErrorFacts;
  readonly #dependency: ErrorSource | undefined;
  #prose: string | undefined;
  #embedded: ProviderFacts | null | undefined;

  constructor(facts: ErrorFacts, dependency: ErrorSource | undefined) {
    this.facts = facts;
    this.#dependency = dependency;
  }

  /**
   * The response that some clients print into their message; in our own errors such JSON is data of a user.
   */
  get embedded(): ProviderFacts | null {
    if (this.#embedded === undefined) {
      const { body, message } = this.facts;
      const reads = body === undefined && this.#dependency !== undefined && PROVIDERS.has(this.#dependency);
      this.#embedded = (reads ? readEmbeddedJson(message) : undefined) ?? null;
    }
    return this.#embedded;
  }

  /** The error's own words and those of the provider's response, in lower case, without quoted values. */
  get prose(): string {
    if (this.#prose === undefined) {
      const { message, body } = this.facts;
      const provider = body?.message ?? this.embedded?.message ?? '';
      // Some clients quote the reply of a mail server: here the quoted part is the evidence.
      const own = readWords(
        this.#dependency === 'smtp' ? message.replace(/with message ["']/, 'with message ') : message,
      );
      this.#prose = (provider ? `${own}\n${readWords(provider)}` : own).toLowerCase();
    }
    return this.#prose;
  }
}
