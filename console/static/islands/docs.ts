import { copyCode } from './copy-code.ts';
import { fetchStatus, showInFooter } from './footer-status.ts';
import { searchDocs } from './search-docs.ts';

const KEPT = 'docs.sample';

/** Remembers the chosen language of the samples for all pages. */
function keepTabs(): void {
  const inputs = [...document.querySelectorAll<HTMLInputElement>('.tab-row input')];
  const kept = localStorage.getItem(KEPT);
  for (const input of inputs) {
    if (input.value === kept) input.checked = true;
    input.addEventListener('change', () => localStorage.setItem(KEPT, input.value));
  }
}

keepTabs();
copyCode();
searchDocs();
document.querySelector('.docs-side [aria-current]')?.scrollIntoView({ block: 'nearest' });
void fetchStatus().then(showInFooter);
