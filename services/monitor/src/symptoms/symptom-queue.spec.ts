import type { Signal, Symptom } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { SymptomQueue } from './symptom-queue.ts';
import type { OpenSymptom } from './symptom-tracker.ts';

const published = (id: string, signal: Signal, state: Symptom['state']): OpenSymptom => ({
  symptom: { id, signal, state } as Symptom,
  traceparent: '',
});
const drain = (queue: SymptomQueue): string[] => {
  const sent: string[] = [];
  for (let one = queue.take(); one; one = queue.take()) {
    sent.push(`${one.symptom.state} ${one.symptom.id}`);
    queue.sent();
  }
  return sent;
};

describe('SymptomQueue', () => {
  it('sends in order, one at a time', () => {
    const queue = new SymptomQueue();
    queue.add(published('a', 'instance.unresponsive', 'firing'));
    queue.add(published('b', 'server.restarted', 'firing'));
    queue.take();
    expect(queue.take()).toBeUndefined();
    queue.failed();
    expect(drain(queue)).toEqual(['firing a', 'firing b']);
    expect(queue.length).toBe(0);
  });

  it('drops a state that ended before it could be published', () => {
    const queue = new SymptomQueue();
    queue.add(published('a', 'server.unresponsive', 'firing'));
    queue.add(published('b', 'instance.unresponsive', 'firing'));
    queue.add(published('a', 'server.unresponsive', 'cleared'));
    expect(drain(queue)).toEqual(['firing b']);
  });

  it('publishes late symptoms, and the end of published ones', () => {
    const queue = new SymptomQueue();
    queue.add(published('a', 'server.restarted', 'firing'));
    queue.add(published('a', 'server.restarted', 'cleared'));
    queue.add(published('b', 'instance.unresponsive', 'firing'));
    expect(drain(queue)).toEqual(['firing a', 'cleared a', 'firing b']);
    queue.add(published('b', 'instance.unresponsive', 'cleared'));
    expect(drain(queue)).toEqual(['cleared b']);
  });

  it('publishes the end of a symptom that may have arrived', () => {
    const queue = new SymptomQueue();
    queue.add(published('a', 'instance.unresponsive', 'firing'));
    queue.take();
    queue.add(published('a', 'instance.unresponsive', 'cleared'));
    queue.failed();
    expect(drain(queue)).toEqual(['firing a', 'cleared a']);
  });
});
