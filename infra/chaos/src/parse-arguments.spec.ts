import { describe, expect, it } from '@jest/globals';
import { UsageError } from './experiments/experiments.ts';
import { parseArguments } from './parse-arguments.ts';

describe('parseArguments', () => {
  it.each([
    [['service-kill'], { do: 'run', target: undefined, json: false }],
    [['service-kill', '--target', 'auth', '--json'], { do: 'run', target: 'auth', json: true }],
    [['none'], { do: 'run', seconds: 30 }],
    [['none', '--seconds', '300'], { do: 'run', seconds: 300 }],
    [['suite'], { do: 'suite', repeat: 1, only: [], seconds: 300 }],
    [['suite', '--repeat', '5', '--only', 'nats-kill'], { do: 'suite', repeat: 5, only: ['nats-kill'] }],
    [['kill-storm', '--seed', '7'], { do: 'kill-storm', seconds: 480, seed: 7 }],
    [['noise', '--seed', '7'], { do: 'noise', seconds: 1800, seed: 7 }],
    [['kill-storm', '--seconds', '60'], { do: 'kill-storm', seconds: 60, seed: expect.any(Number) }],
    [['list', '--json'], { do: 'list', json: true }],
    [[], { do: 'help' }],
  ])('understands %j', (args, command) => {
    expect(parseArguments(args)).toMatchObject(command);
  });

  it.each([
    [['flood']],
    [['none', 'service-kill']],
    [['service-kill', '--seconds', '5']],
    [['none', '--seconds', 'soon']],
    [['suite', '--repeat', '0']],
    [['suite', '--target', 'auth']],
    [['suite', '--only', 'flood']],
    [['service-kill', '--force']],
    [['service-kill', '--seed', '7']],
    [['kill-storm', '--seed', '-1']],
    [['kill-storm', '--target', 'auth']],
    [['noise', '--target', 'auth']],
    [['none', '--seed', '7']],
  ])('refuses %j with a sentence', (args) => {
    expect(() => parseArguments(args)).toThrow(UsageError);
  });
});
