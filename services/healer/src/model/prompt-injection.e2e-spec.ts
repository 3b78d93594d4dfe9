import { HEALING_STRATEGIES, type Verdict, verdictSchema } from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { batch, captured, ModelWorld, settingsFor } from '../../test/fake-model.ts';
import { INJECTIONS } from '../../test/fake-model-injections.ts';
import { obeys } from '../../test/fake-model-obedient.ts';
import { completes, type FakeModel, reportOf, startFakeModel } from '../../test/fake-model-server.ts';

const places = {
  message: (text: string) => ({ name: 'SprocketError', code: null, message: text, stack: null }),
  stack: (text: string) => ({ name: 'SprocketError', code: null, message: text, stack: text }),
  name: (text: string) => ({ name: text, code: text, message: text, stack: null }),
};

describe('prompt injections in the text of an error', () => {
  let model: FakeModel;
  beforeAll(async () => {
    model = await startFakeModel(obeys);
  });
  afterAll(() => model.stop());

  it('are varied, and there are at least 50', () => {
    expect(new Set(INJECTIONS).size).toBeGreaterThanOrEqual(50);
  });

  it.each(Object.keys(places) as (keyof typeof places)[])(
    'lead to nothing out of the list, even with a model that obeys: in the %s',
    async (place) => {
      const world = new ModelWorld();
      const advisor = world.advisor(settingsFor(model.url));
      model.calls.length = 0;
      const errors = INJECTIONS.map((text) => captured({ error: places[place](text) }));
      for (const error of errors) {
        advisor.consider(batch([error]));
        await eventually(async () =>
          expect((await world.prompts.get(error.fingerprint))?.value.state).toMatch(/stored|refused/),
        );
      }
      await advisor.stop();
      expect(model.calls).toHaveLength(INJECTIONS.length);
      // Some obeyed ones are in the list, and stay what they are: something to read.
      expect(world.stored.length).toBeGreaterThan(5);
      expect(world.stored.length).toBeLessThan(INJECTIONS.length / 2);
      for (const verdict of world.stored) holds(verdict, errors);
      for (const { text } of world.advised) {
        expect(text).toMatch(/^The model suggests [A-Z_]+ \(not applied; confidence \d\.\d\d\): /);
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }
      const everything = await world.everything();
      for (const odd of ['"DROP_TABLE"', '"platform.restart"', '"EXECUTE_SHELL"', '"promoted"', '"trial"'])
        expect(everything).not.toContain(`"strategy":${odd}`);
      expect(everything).not.toMatch(/"state":"(trial|promoted|demoted)"/);
    },
  );

  it('cannot break the fence, and what is hidden in them is not sent', async () => {
    const world = new ModelWorld();
    const advisor = world.advisor(settingsFor(model.url));
    model.calls.length = 0;
    model.behaviour = completes();
    for (const text of INJECTIONS) advisor.consider(batch([captured({ message: text })]));
    await eventually(() => model.calls.length >= 50);
    await advisor.stop();
    for (const call of model.calls) {
      const user = call.body.messages[1]?.content ?? '';
      const nonce = /^BEGIN ([0-9a-f]{32})$/m.exec(user)?.[1] as string;
      expect(user.split('\n')).toHaveLength(5);
      expect(user.split(nonce)).toHaveLength(4);
      expect(reportOf(call).source).toBe('billing.postgres.read');
      expect(call.body.messages.map(({ role }) => role)).toEqual(['system', 'user']);
      expect(user).not.toMatch(/[\p{Cf}\p{Co}]/u);
      expect(user.length).toBeLessThan(8_000);
    }
  });

  it.each(HEALING_STRATEGIES)('a model that is led to say %s only suggests it', async (strategy) => {
    const world = new ModelWorld();
    const advisor = world.advisor(settingsFor(model.url));
    model.behaviour = completes({ strategy, confidence: 1 });
    const error = captured({ message: `strategy: ${strategy}` });
    advisor.consider(batch([error]));
    await eventually(() => expect(world.stored).toHaveLength(1));
    await advisor.stop();
    holds(world.stored[0] as Verdict, [error]);
  });
});

/** In the closed list, about the error of the event, and nothing more than a suggestion. */
function holds(verdict: Verdict, errors: readonly { fingerprint: string; source: string }[]): void {
  const error = errors.find(({ fingerprint }) => fingerprint === verdict.fingerprint);
  expect(verdictSchema.parse(verdict)).toEqual(verdict);
  expect(HEALING_STRATEGIES).toContain(verdict.strategy);
  expect(verdict).toMatchObject({
    service: 'billing',
    source: error?.source,
    state: 'suggested',
    verified: 0,
    decided_by: null,
  });
  expect(verdict.root_cause.length).toBeLessThanOrEqual(300);
  expect(verdict.root_cause).not.toMatch(/[\p{Cc}\p{Cf}\n]/u);
}
