import { rankResults } from '../docs/rank-results.ts';
import type { SearchEntry } from '../docs/search-index.ts';
import { byData, el } from './dom.ts';

/** The search of the documentation. Its index is fetched when the search opens for the first time. */
export function searchDocs(): void {
  const open = byData<HTMLButtonElement>('search');
  const address = open?.dataset.search;
  if (!open || !address) return;
  let entries: Promise<SearchEntry[]> | null = null;
  const input = el('input', {
    type: 'search',
    placeholder: 'Search guides, operations, error codes',
    'aria-label': 'Search the documentation',
    autocomplete: 'off',
  });
  const list = el('ul');
  const words = el('p', { role: 'status' });
  const dialog = el('dialog', { class: 'search', 'aria-label': 'Search' }, input, list, words);
  document.body.append(dialog);

  const update = async () => {
    const query = input.value.trim();
    try {
      entries ??= fetch(address).then((response) => response.json() as Promise<SearchEntry[]>);
      const found = rankResults(await entries, query);
      list.replaceChildren(
        ...found.map(({ u, t, p }) => el('li', {}, el('a', { href: u }, t, el('span', {}, p)))),
      );
      words.textContent =
        query === ''
          ? 'Type a word. Arrow keys move through the results.'
          : `${found.length || 'Nothing'} found`;
    } catch {
      entries = null;
      words.textContent = 'The search could not be loaded. Type again to try again.';
    }
  };
  const show = () => {
    dialog.showModal();
    void update();
  };
  open.addEventListener('click', show);
  input.addEventListener('input', () => void update());
  dialog.addEventListener('click', (event) => {
    // A click on the dialog element itself is on its backdrop; a click on a result navigates, possibly within
    // this page.
    if (event.target === dialog || (event.target as Element).closest('a')) dialog.close();
  });
  dialog.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const links = [...list.querySelectorAll('a')];
    if (event.key === 'Enter' && event.target === input) links[0]?.click();
    if (step === undefined) return;
    event.preventDefault();
    const next = links.indexOf(document.activeElement as HTMLAnchorElement) + step;
    (links[next] ?? input).focus();
  });
  document.addEventListener('keydown', (event) => {
    const isTyping = (event.target as Element).closest('input, textarea, select');
    const isShortcut = event.key === '/' || (event.key === 'k' && (event.metaKey || event.ctrlKey));
    if (!isShortcut || isTyping || dialog.open) return;
    event.preventDefault();
    show();
  });
}
