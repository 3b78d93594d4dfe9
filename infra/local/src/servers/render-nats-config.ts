import { text } from 'node:stream/consumers';
import { type NatsConfigOptions, provisionPlan, renderNatsConfig } from '@gridworks/bus/permissions';
import { writeFileAtomic } from '../files/write-file.ts';

/**
 * Writes a file that follows from the contracts to the path of the first argument; the options come as JSON
 * on stdin: those of the NATS configuration, or `{"plan":true}` for the plan of the streams.
 */
const [file] = process.argv.slice(2);
if (!file) throw new Error('usage: render-nats-config.ts FILE');
const wanted = JSON.parse(await text(process.stdin)) as NatsConfigOptions | { plan: true };
writeFileAtomic(file, 'plan' in wanted ? JSON.stringify(provisionPlan()) : renderNatsConfig(wanted), {
  mode: 0o600,
});
