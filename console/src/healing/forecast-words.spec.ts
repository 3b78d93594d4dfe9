import type { Forecast } from '@gridworks/sdk';
import { describe, expect, it } from '@jest/globals';
import { fullest, percentOf, usedOf, watchedSentence } from './forecast-words.ts';

const MIB = 1024 * 1024;
const forecast = (more: Partial<Forecast>): Forecast => ({
  ...{ object: 'forecast', resource: 'memory', component: 'service:billing', unit: 'bytes' },
  ...{ now: 51 * MIB, limit: 512 * MIB, full_at: null, confidence: 0, preventive: false },
  ...{ observed_at: '2026-11-29T10:00:00.000Z', ...more },
});

describe('the words of forecasts', () => {
  it('say how much is used, in a unit that fits the limit', () => {
    expect(usedOf(forecast({}))).toBe('51 of 512 MiB');
    expect(usedOf(forecast({ now: 20 * 1024 * MIB, limit: 80 * 1024 * MIB }))).toBe('20 of 80 GiB');
    expect(usedOf(forecast({ unit: 'count', now: 3, limit: 10 }))).toBe('3 of 10');
    expect(percentOf(forecast({}))).toBe('10 %');
  });

  it('say what is watched, and which is the fullest', () => {
    const disk = forecast({ resource: 'disk', now: 9, limit: 10 });
    expect(watchedSentence([forecast({}), forecast({}), disk])).toBe(
      'Watched: the disk of one machine, 2 processes’ memories.',
    );
    expect(fullest([forecast({}), disk])).toBe(disk);
    expect(watchedSentence([])).toContain('no figures yet');
    expect(fullest([])).toBeUndefined();
  });
});
