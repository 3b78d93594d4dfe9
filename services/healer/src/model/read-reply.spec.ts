import { describe, expect, it } from '@jest/globals';
import { captured } from '../../test/fake-model.ts';
import { completion } from '../../test/fake-model-server.ts';
import { buildPrompt, type Prompt } from './build-prompt.ts';
import { readReply } from './read-reply.ts';

const error = { name: 'SprocketError', code: 'E7', message: 'lost   the sprocket\nat gate 7', stack: null };
const prompt = buildPrompt('billing', captured({ error })) as Prompt;
const good = {
  root_cause: 'A sprocket is missing.',
  kind: 'timeout',
  strategy: 'RETRY_WITH_BACKOFF',
  confidence: 0.9,
  evidence: ['lost the sprocket'],
  target: prompt.source,
};
const read = (change: Record<string, unknown>) =>
  readReply(completion({ ...good, ...change }), prompt, 'sent');

describe('the answer of a model', () => {
  it('keeps of its evidence what is in the report', () => {
    const evidence = ['Lost the SPROCKET at gate 7', 'E7', 'the disk is full', 'Error', 'lost the sprocket'];
    expect(read({ evidence })).toMatchObject({
      opinion: { evidence: ['Lost the SPROCKET at gate 7', 'E7', 'lost the sprocket'] },
    });
  });

  it('is shown on one line, without secrets, and cut', () => {
    const root_cause = `The password=hunter2secret\u202E of ada@example.com\n\u0000is wrong. ${'x'.repeat(1_000)}`;
    const reading = read({ root_cause });
    if (!('opinion' in reading)) throw new Error('it was refused');
    const { rootCause } = reading.opinion;
    expect(rootCause).toHaveLength(300);
    expect(rootCause).not.toMatch(/hunter2|ada@|[\p{Cc}\p{Cf}]/u);
  });

  it('names the requested model where the server does not name one', () => {
    const { model: _, ...unnamed } = completion(good);
    expect(readReply(unnamed, prompt, 'sent')).toMatchObject({ opinion: { model: 'sent' } });
  });

  it.each([null, undefined, 7, 'text', [], {}, { choices: [null] }, { choices: [{ message: 'x' }] }])(
    'is none when it is %j',
    (odd) => {
      expect(readReply(odd, prompt, 'sent')).toHaveProperty('refusal');
    },
  );
});
