import type { StoredState } from '../state/stored-state.ts';
import type { OwnSymptoms } from './own-symptoms.ts';
import { HEALER } from './symptom-of-mine.ts';

/**
 * Reports stored values that cannot be read, so that humans know: healing continues without them, and
 * unreadable pauses mean that everything is paused. Called every few seconds. Throws while the bus is away.
 */
export async function watchState(state: StoredState, symptoms: OwnSymptoms): Promise<void> {
  const all = await state.unreadable();
  const pauses = all.filter((name) => name.startsWith('healer_pauses/'));
  const others = all.filter((name) => !pauses.includes(name)).slice(0, 20);
  await symptoms.set(pauses.length > 0, 'pauses.unreadable', HEALER, { values: pauses });
  await symptoms.set(others.length > 0, 'state.unreadable', HEALER, { values: others });
}
