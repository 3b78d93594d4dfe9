import { redactText } from '@gridworks/redaction';
import { type HealingEnvironment, withSelfHealing } from '@gridworks/resilience';
import type OpenAI from 'openai';
import { fetchBounded, ModelBodyError, withoutKey } from './model.errors.ts';
import type { ModelEndpoint, ModelSettings } from './model-settings.ts';
import { readBounded } from './read-bounded.ts';
import { REPLY_FORMAT } from './system-prompt.ts';

export const MODEL_BREAKER = 'model';
export const MODEL_SOURCE = 'healer.model.ask';

export interface ModelRequest {
  readonly messages: readonly { readonly role: 'system' | 'user'; readonly content: string }[];
  /**
   * Called before each attempt, also before retries and the backup; null means that the attempt must not be
   * made. The returned function is called with the error when the attempt fails, unless the attempt was
   * abandoned. Neither may throw.
   */
  readonly begin: () => Promise<((error: unknown) => void) | null>;
}
/** The response of the server, as JSON; nothing in it is checked yet. */
export interface ModelReply {
  readonly completion: unknown;
  readonly endpoint: ModelEndpoint;
}

/**
 * Sends prompts to an OpenAI-compatible server. The client library is loaded with the first prompt: it takes
 * tens of megabytes, and most healers never send one. The client itself never retries; retries, the deadline
 * and the breaker `model` belong to the call site.
 */
export class ModelClient {
  /** Throws the original error when no strategy helped. No error contains the API key. */
  readonly send: (
    request: ModelRequest,
    endpoint: ModelEndpoint,
    signal?: AbortSignal,
  ) => Promise<ModelReply>;
  readonly #clients = new Map<ModelEndpoint, Promise<OpenAI>>();
  readonly #failures = new WeakMap<ModelRequest, unknown>();
  readonly #settings: ModelSettings;

  constructor(settings: ModelSettings, options: { environment?: HealingEnvironment } = {}) {
    this.#settings = settings;
    const { attemptMs, backup, deadlineMs, primary } = settings;
    this.send = withSelfHealing(
      (request: ModelRequest, endpoint: ModelEndpoint, signal?: AbortSignal) =>
        this.#attempt(request, endpoint, signal),
      {
        source: MODEL_SOURCE,
        category: 'api',
        dependency: 'openai',
        dependencyName: 'model',
        idempotent: true,
        deadlineMs,
        attemptMs,
        signal: 2,
        breaker: { name: MODEL_BREAKER },
        bulkhead: { limit: 1, queue: 10 },
        retry: { attempts: 2, baseMs: 500, maxRetryAfterMs: deadlineMs },
        ...(backup
          ? {
              endpoints: {
                primary: primary.url,
                backups: [backup.url],
                at: (_url: string, [request, , given]: Parameters<ModelClient['send']>) =>
                  given === undefined
                    ? ([request, backup] as Parameters<ModelClient['send']>)
                    : ([request, backup, given] as Parameters<ModelClient['send']>),
              },
            }
          : {}),
        ...(options.environment ? { environment: options.environment } : {}),
      },
    );
  }

  async #attempt(
    request: ModelRequest,
    endpoint: ModelEndpoint,
    signal: AbortSignal | undefined,
  ): Promise<ModelReply> {
    // A retry that is not allowed throws the error of the attempt before it: the refusal says nothing about
    // the model.
    const failed = await request.begin();
    if (failed === null) throw this.#failures.get(request) ?? new Error('the question was not allowed');
    try {
      const client = await this.#clientOf(endpoint);
      const response = await client.chat.completions
        .create(
          {
            model: endpoint.model,
            messages: [...request.messages],
            response_format: structuredClone(REPLY_FORMAT) as never,
            max_completion_tokens: this.#settings.replyTokens,
          },
          { ...(signal ? { signal } : {}), maxRetries: 0 },
        )
        .asResponse();
      return { completion: await readJson(response), endpoint };
    } catch (error) {
      const cleaned = withoutKey(error, endpoint.key);
      this.#failures.set(request, cleaned);
      failed(cleaned);
      throw cleaned;
    }
  }

  #clientOf(endpoint: ModelEndpoint): Promise<OpenAI> {
    let client = this.#clients.get(endpoint);
    if (!client) {
      client = import('openai').then(
        ({ OpenAI }) =>
          new OpenAI({
            apiKey: endpoint.key,
            baseURL: endpoint.url,
            organization: null,
            project: null,
            maxRetries: 0,
            // The timeout of the call site comes first; this one only makes sure that no request is left
            // open.
            timeout: this.#settings.attemptMs + 1_000,
            logLevel: 'off',
            fetch: fetchBounded,
            // A redirect could send the report to another server.
            fetchOptions: { redirect: 'error' },
          }),
      );
      client.catch(() => this.#clients.delete(endpoint));
      this.#clients.set(endpoint, client);
    }
    return client;
  }
}

async function readJson(response: Response): Promise<unknown> {
  const text = await readBounded(response);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ModelBodyError(response.status, response.headers, redactText(text.slice(0, 2_000)), cause);
  }
}
