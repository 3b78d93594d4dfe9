/**
 * Writes docs/LOG-EVENTS.md from the table of libs/observability. `--check` writes nothing and ends with 1 when the file is not
 * what it would write. Both end with 1 when the table has a code that no source logs; that no source logs a code which the
 * table lacks is held by the compiler.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOG_EVENT_AREAS, LOG_EVENTS, type LogEventRow } from '@gridworks/observability';
import { loggedEvents } from './logged-events.ts';

const root = join(import.meta.dirname, '..', '..');
const file = join(root, 'docs', 'LOG-EVENTS.md');
const COMMAND = 'node --conditions=source infra/docs/render-log-events.ts';

const HEAD = `# Log events

Every line of a log is one JSON object, and its \`event\` is one of the codes below. Search and alert by \`event\`: a code is stable.

\`\`\`json
{"level":"warn","time":"2026-11-29T08:00:00.000Z","service":"healer","instance":"healer","event":"incident.publish_failed","incident":"inc_…","error":{…},"message":"A changed incident could not be published; the healer tries again."}
\`\`\`

\`message\` is the sentence of the table. \`request_id\` and \`trace_id\` are there when the line was written for a request or an event.
\`LOG_LEVEL\` is the least level that is written; by default \`info\`. Secrets are taken out of every line.

Written by \`${COMMAND}\` from \`libs/observability/src/log-events/\`; do not edit it by hand.
`;

const row = ([code, { level, meaning, action }]: [string, LogEventRow]): string =>
  `| \`${code}\` | ${level} | ${meaning} | ${action} |`;

const areas = Object.entries(LOG_EVENT_AREAS).map(([name, events]) =>
  [
    `## ${name}`,
    '',
    '| event | level | meaning | what to do |',
    '|---|---|---|---|',
    ...Object.entries(events).map(row),
    '',
  ].join('\n'),
);
const wanted = [HEAD, ...areas].join('\n');

const sources = globSync('{libs,services}/*/src/**/*.ts', { cwd: root }).filter(
  (path) => !path.endsWith('spec.ts'),
);
const logged = new Set(sources.flatMap((path) => loggedEvents(readFileSync(join(root, path), 'utf8'))));
const faults = Object.keys(LOG_EVENTS)
  .filter((code) => !logged.has(code))
  .map((code) => `no source logs ${code}: take it out of libs/observability/src/log-events/`);

if (!process.argv.includes('--check')) writeFileSync(file, wanted);
else if (readFileSync(file, 'utf8') !== wanted)
  faults.push(`docs/LOG-EVENTS.md does not follow the table: run ${COMMAND}`);

for (const fault of faults) console.error(fault);
process.exit(faults.length === 0 ? 0 : 1);
