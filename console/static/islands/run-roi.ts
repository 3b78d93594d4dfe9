import { money } from '../landing/pricing.ts';
import { savings } from '../landing/roi.ts';
import { byData, count } from './dom.ts';

/** Recalculates with each keystroke. */
export function runRoi(): void {
  const form = byData<HTMLFormElement>('roi');
  const saved = byData('roi-saved');
  const detail = byData('roi-detail');
  if (!form || !saved || !detail) return;
  const update = () => {
    const value = (name: string) => (form.elements.namedItem(name) as HTMLInputElement).valueAsNumber;
    const healedShare = value('share') / 100;
    const { failedCallsPerMonth, savedPerYear } = savings({
      callsPerMonth: value('calls'),
      costOfFailedCall: value('cost'),
      outageMinutesPerMonth: value('minutes'),
      healedShare,
    });
    const left = failedCallsPerMonth * (1 - Math.min(Math.max(healedShare || 0, 0), 1));
    saved.textContent = money(Math.round(savedPerYear) * 100, 'EUR');
    detail.textContent = `saved a year: ${count(failedCallsPerMonth)} failed calls a month without healing, ${count(left)} with it`;
  };
  form.addEventListener('input', update);
  form.addEventListener('submit', (event) => event.preventDefault());
  update();
}
