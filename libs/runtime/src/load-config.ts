import type { z } from 'zod';

/** The environment does not fit the schema. `report` names every wrong variable and shows no value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly report: string;

  constructor(report: string) {
    super(report);
    this.report = report;
  }
}

/** The status of a process that refuses to start because its environment is wrong (`EX_CONFIG`). */
export const EXIT_CONFIG = 78;

/**
 * Reads the configuration once. An empty variable counts as not set.
 * @throws ConfigError that lists all wrong variables, each with the expected value.
 */
export function loadConfig<S extends z.ZodObject>(
  service: string,
  schema: S,
  environment: NodeJS.ProcessEnv = process.env,
): z.output<S> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const wrong = new Map<string, string>();
  for (const issue of parsed.error.issues) {
    const name = String(issue.path[0] ?? '(all)');
    if (!wrong.has(name)) wrong.set(name, sentence(name, issue.message, given[name], schema));
  }
  const width = Math.max(...[...wrong.keys()].map((name) => name.length));
  const lines = [...wrong].map(([name, text]) => `  ${name.padEnd(width)}  ${text}`);
  const count = wrong.size === 1 ? 'a variable is' : `${wrong.size} variables are`;
  throw new ConfigError(
    [`${service} does not start: ${count} missing or wrong in its environment`, ...lines].join('\n'),
  );
}

function sentence(name: string, message: string, value: string | undefined, schema: z.ZodObject): string {
  const field: z.ZodType | undefined = schema.shape[name];
  const expected = field?.description;
  if (value === undefined && name !== '(all)')
    return `is not set${expected ? `; expected: ${expected}` : ''}`;
  // A schema's own message may quote the value, and the value may be a secret.
  const safe = value ? message.replaceAll(value, '…') : message;
  return `is wrong: ${safe}${expected ? `; expected: ${expected}` : ''}`;
}
