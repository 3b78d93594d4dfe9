// Prints SIGNING_KEY and its SIGNING_PUBLIC_KEY, for .env: the key of the environment, or a new one. Plain
// JavaScript without packages, so that it runs before anything is installed. The same derivation as in
// libs/bus/src/principals/principal-keys.ts.
import { createHash, createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';

const signingKey = process.env.SIGNING_KEY || randomBytes(32).toString('hex');
const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const seed = createHash('sha256').update(signingKey).digest();
const privateKey = createPrivateKey({ key: Buffer.concat([prefix, seed]), format: 'der', type: 'pkcs8' });
const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
console.log(`SIGNING_KEY=${signingKey}\nSIGNING_PUBLIC_KEY=${spki.subarray(-32).toString('base64url')}`);
