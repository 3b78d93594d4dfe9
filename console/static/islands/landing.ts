import { copyCode } from './copy-code.ts';
import { byData, clock, count } from './dom.ts';
import { fetchStatus, showInFooter } from './footer-status.ts';
import { runDemo } from './run-demo.ts';
import { runRoi } from './run-roi.ts';
import { showPrices } from './show-prices.ts';

/** Shows the live figure of the first screen, or a sentence when there is none. */
async function showLiveFigure(): Promise<void> {
  const status = await fetchStatus();
  showInFooter(status);
  const number = byData('live-number');
  const words = byData('live-words');
  const age = byData('live-age');
  if (!number || !words || !age) return;
  if (!status || status.healedAlone === null) {
    age.textContent = 'The live figure could not be loaded.';
    return;
  }
  number.textContent = count(status.healedAlone);
  words.textContent = `${status.healedAlone === 1 ? 'fault' : 'faults'} healed without a human in the last ${status.windowDays} days`;
  age.textContent = status.observedAt ? `As of ${clock(status.observedAt)}` : 'Live';
}

copyCode();
showPrices();
runRoi();
runDemo();
void showLiveFigure();
