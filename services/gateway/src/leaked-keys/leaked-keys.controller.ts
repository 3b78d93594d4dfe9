import { Bus } from '@gridworks/bus';
import {
  AppError,
  credentialDigest,
  MAX_LEAK_REPORTS,
  parseCredential,
  reportLeakedKeys,
  UNAVAILABLE,
} from '@gridworks/contracts';
import { Controller, Req } from '@nestjs/common';
import { z } from 'zod';
import { CredentialInvalidator } from '../credentials/credential-invalidator.ts';
import { BODY_MALFORMED, SCANNER_REFUSED } from '../problems/gateway.errors.ts';
import type { PublicRequest } from '../routing/public-call.ts';
import { definePage } from '../routing/route-declaration.ts';
import { Serve } from '../routing/serve.decorator.ts';
import { ScannerKeys } from './scanner-keys.ts';

const LEAKED_KEYS = definePage({
  summary: 'Report keys that were found in public, in the format of GitHub’s secret scanning',
  http: { method: 'POST', path: '/v1/leaked-keys', status: 200, deadlineMs: 20_000, bodyLimitBytes: 4 << 20 },
  permission: 'public',
  internal: true,
  keepsBody: true,
});

/** What a scanner sends. Further members are ignored, as GitHub may add some. */
const reportsSchema = z
  .array(z.object({ token: z.string(), type: z.string().max(200), url: z.string().nullish() }))
  .max(MAX_LEAK_REPORTS);

/** What GitHub's secret scanning expects to hear about each text that it found. */
interface Verdict {
  /** Lower-case hex SHA-256 of the text: the text itself is not sent back. */
  readonly token_hash: string;
  readonly token_type: string;
  readonly label: 'true_positive' | 'false_positive';
}

/**
 * Takes the reports of a secret scanner, in the format of GitHub's partner program
 * (https://docs.github.com/en/code-security/secret-scanning/secret-scanning-partner-program). Nobody but the
 * scanner is heard: its signature is over the body as it came.
 */
@Controller()
export class LeakedKeysController {
  constructor(
    readonly scanner: ScannerKeys,
    readonly bus: Bus,
    readonly credentials: CredentialInvalidator,
  ) {}

  @Serve(LEAKED_KEYS)
  async report(@Req() request: PublicRequest): Promise<Verdict[]> {
    await this.#mustBeSigned(request);
    const parsed = reportsSchema.safeParse(request.body);
    if (!parsed.success)
      throw new AppError(BODY_MALFORMED, {
        detail: `The body is not a list of at most ${MAX_LEAK_REPORTS} objects with token, type and url.`,
      });
    const reports = parsed.data.map(({ token, type, url }) => ({
      digest: credentialDigest(token),
      isKey: parseCredential(token)?.kind === 'api_key',
      type,
      url: (url ?? '').slice(0, 2000),
    }));
    const found = reports.filter(({ isKey }) => isKey).map(({ digest, url }) => ({ digest, url }));
    const known = new Set(
      found.length > 0 ? (await this.bus.request(reportLeakedKeys, { found })).known : [],
    );
    for (const digest of known) this.credentials.cache.drop(digest);
    return reports.map(({ digest, type }) => ({
      token_hash: digest,
      token_type: type,
      label: known.has(digest) ? 'true_positive' : 'false_positive',
    }));
  }

  async #mustBeSigned({ call, headers }: PublicRequest): Promise<void> {
    const identifier = headers['github-public-key-identifier'];
    const signature = headers['github-public-key-signature'];
    const body = call?.rawBody;
    if (typeof identifier !== 'string' || typeof signature !== 'string' || !body)
      throw new AppError(SCANNER_REFUSED);
    const isSigned = await this.scanner.hasSigned(body, identifier, signature).catch((cause: unknown) => {
      throw new AppError(UNAVAILABLE, { cause, retryAfterMs: 60_000 });
    });
    if (!isSigned) throw new AppError(SCANNER_REFUSED);
  }
}
