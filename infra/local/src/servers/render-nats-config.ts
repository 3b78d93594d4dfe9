import { text } from 'node:stream/consumers';
import { renderNatsConfig } from '@gridworks/bus/permissions';
import { writeFileAtomic } from '../write-file.ts';

/** Writes the NATS configuration to the file of the first argument; the options come as JSON on stdin. */
const [file] = process.argv.slice(2);
if (!file) throw new Error('usage: render-nats-config.ts FILE');
writeFileAtomic(file, renderNatsConfig(JSON.parse(await text(process.stdin))), { mode: 0o600 });
