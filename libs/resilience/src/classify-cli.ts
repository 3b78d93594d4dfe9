import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { classify } from './classify/classify-error.ts';
import { BadLineError, readCorpusLine } from './classify/read-corpus.ts';
import { type Scored, scoreTable } from './classify/score.ts';

const USAGE = `usage: npm run classify -- [--score] FILE|-

Reads JSON Lines { id, error: { name, code, message, stack, status, body }, dependency } from a file, or from
standard input (-), and writes { id, kind, transient, strategy, confidence, why } a line. With --score it prints a
table against the labels of the lines instead. Silence npm itself with "npm run -s classify".
Exit: 0 done, 1 some lines could not be read, 2 wrong arguments or no such file.`;

/**
 * Runs the command and returns the exit status. Problems go to standard error, each with its line and a
 * stable code.
 */
async function main(args: readonly string[]): Promise<number> {
  const score = args.includes('--score');
  const files = args.filter((argument) => argument !== '--score' && argument !== '--');
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  if (files.length !== 1 || (files[0]!.startsWith('-') && files[0] !== '-')) {
    process.stderr.write(`CLASSIFY.USAGE ${USAGE}\n`);
    return 2;
  }
  const input = files[0] === '-' ? process.stdin : createReadStream(files[0]!);
  const scored: Scored[] = [];
  let out = '';
  let number = 0;
  let bad = 0;
  try {
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      number += 1;
      try {
        const line = readCorpusLine(number === 1 ? text.replace(/^\uFEFF/, '') : text, number);
        if (line === null) continue;
        const got = classify(line.error, { dependency: line.dependency });
        if (score) scored.push({ line, got });
        else out += `${JSON.stringify({ id: line.id, ...withoutRule(got) })}\n`;
        if (out.length > 65_536) {
          await write(out);
          out = '';
        }
      } catch (error) {
        if (!(error instanceof BadLineError)) throw error;
        bad += 1;
        process.stderr.write(`${error.code} ${error.message}\n`);
      }
    }
  } catch (error) {
    process.stderr.write(`CLASSIFY.UNREADABLE ${files[0]}: ${(error as Error).message}\n`);
    return 2;
  }
  await write(score ? `${scoreTable(scored)}\n` : out);
  return bad === 0 ? 0 : 1;
}

function withoutRule({ kind, transient, strategy, confidence, why }: Scored['got']) {
  return { kind, transient, strategy, confidence, why };
}

/** Waits until a slow reader has read the text; a reader that has gone (`| head`) is no error. */
function write(text: string): Promise<void> {
  return new Promise((resolve) => {
    if (text === '') return resolve();
    process.stdout.write(text, () => resolve());
  });
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
process.exitCode = await main(process.argv.slice(2));
