import { text } from 'node:stream/consumers';
import { type NatsConfigOptions, provisionPlan, renderNatsConfig } from '@gridworks/bus/permissions';
import { writeFileAtomic } from '../files/write-file.ts';

/**
 * Writes what follows from the contracts to the file of the first argument; what is wanted comes as JSON on stdin:
 * the options of the NATS configuration, or `{"plan":true}` for the plan of the streams.
 */
const [file] = process.argv.slice(2);
if (!file) throw new Error('usage: render-nats-config.ts FILE');
const wanted = JSON.parse(await text(process.stdin)) as NatsConfigOptions | { plan: true };
writeFileAtomic(file, 'plan' in wanted ? JSON.stringify(provisionPlan()) : renderNatsConfig(wanted), {
  mode: 0o600,
});
