import { machineNameSchema, pulseSchema } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { machineName, readMachine } from './machine.ts';

describe('the machine', () => {
  it.each([
    ['portal-1', 'portal-1'],
    ['Ada_PC.local', 'ada-pc.local'],
    ['_x', 'x'],
    ['日本', 'machine'],
    ['a'.repeat(100), 'a'.repeat(64)],
  ])('names %s as the contract wants it', (host, expected) => {
    expect(machineName(host)).toBe(expected);
    expect(machineNameSchema.parse(machineName(host))).toBe(expected);
  });

  it('reads figures that a pulse may carry', () => {
    const machine = readMachine();
    expect(pulseSchema.shape.machine.parse(machine)).toEqual(machine);
    expect(machine.memory_free_bytes).toBeGreaterThan(0);
    expect(machine.memory_free_bytes).toBeLessThan(machine.memory_total_bytes);
  });
});
