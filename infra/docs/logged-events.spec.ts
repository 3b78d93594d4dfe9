import { describe, expect, it } from '@jest/globals';
import { loggedEvents } from './logged-events.ts';

describe('loggedEvents', () => {
  it('finds codes in every form of a call', () => {
    const source = `
      @Injectable()
      class Handler {
        readonly #logger?: Logger;
        constructor(@Inject(LOGGER) private readonly logger: Logger) {
          logger.log('a.plain');
          this.#logger?.log('b.optional', { error });
          parts.options.logger.log(
            isAway ? 'c.one' : ok ? ('c.two') : 'c.three',
            { reason: 'not.this' },
          );
          work().catch((error: unknown) => this.logger.log('d.callback', { error }));
        }
      }`;
    expect(loggedEvents(source).sort()).toEqual([
      'a.plain',
      'b.optional',
      'c.one',
      'c.three',
      'c.two',
      'd.callback',
    ]);
  });

  it('finds none in comments, in texts and in calls of another name', () => {
    expect(
      loggedEvents(`
        // logger.log('a.comment')
        const text = "logger.log('b.text')";
        bus.publish('c.publish');
        logger.log(code, { event: 'd.field' });
      `),
    ).toEqual([]);
  });
});
