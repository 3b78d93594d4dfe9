import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { writeFileAtomic } from '../files/write-file.ts';
import { KNOWN_RETRIES } from './known-retries.ts';
import { judgeRetries, type RetryHistory, type TestRun } from './retries.ts';

/** The part of Jest's results that is read. */
interface JestResults {
  readonly testResults: readonly {
    readonly testFilePath: string;
    readonly testResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly invocations?: number;
    }[];
  }[];
}

/**
 * A Jest reporter: counts the tests that passed only in their second run, prints them in one closing line,
 * and with `CI=true` fails a run in which a test needed that for the second run in a row. The history of
 * earlier runs is in `.local/retried-tests.json`, or at the path of the option `history`.
 */
export default class RetryReporter {
  readonly #root: string;
  readonly #history: string;
  #error: Error | undefined;

  constructor({ rootDir }: { rootDir: string }, options: { history?: string } = {}) {
    this.#root = rootDir;
    const named = options.history ?? join('.local', 'retried-tests.json');
    this.#history = isAbsolute(named) ? named : join(rootDir, named);
  }

  onRunComplete(_contexts: unknown, results: JestResults): void {
    const runs = results.testResults.flatMap(({ testFilePath, testResults }) =>
      testResults
        .filter(({ status }) => status === 'passed' || status === 'failed')
        .map(
          ({ fullName, status, invocations = 1 }): TestRun => ({
            name: `${relative(this.#root, testFilePath)}: ${fullName}`,
            passed: status === 'passed',
            invocations,
          }),
        ),
    );
    const { history, line, repeated } = judgeRetries(this.#read(), runs, KNOWN_RETRIES);
    this.#write(history);
    const isFailing = repeated.length > 0 && process.env.CI === 'true';
    const text = `needed a second run twice in a row, fix them: ${repeated.join('; ')}`;
    if (isFailing) this.#error = new Error(text);
    // Jest prints its own summary after every other reporter.
    process.once('exit', () => process.stderr.write(`${line}\n${isFailing ? `✗ ${text}\n` : ''}`));
  }

  /** Jest fails the run when a reporter has an error. */
  getLastError(): Error | undefined {
    return this.#error;
  }

  #read(): RetryHistory {
    try {
      return JSON.parse(readFileSync(this.#history, 'utf8'));
    } catch {
      return {};
    }
  }

  /** A history that cannot be written does not fail the tests. */
  #write(history: RetryHistory): void {
    try {
      mkdirSync(dirname(this.#history), { recursive: true, mode: 0o700 });
      writeFileAtomic(this.#history, `${JSON.stringify(history, null, 2)}\n`, { durable: false });
    } catch (error) {
      process.stderr.write(`  the retries were not recorded: ${(error as Error).message}\n`);
    }
  }
}
