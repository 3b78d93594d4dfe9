import { SAMPLE_ORIGIN } from './sample-origin.ts';

const SAID_MS = 2000;

/** Puts the origin of the page into the samples, and makes their copy buttons work. */
export function copyCode(): void {
  if (location.origin !== SAMPLE_ORIGIN)
    for (const code of document.querySelectorAll('.code code')) replaceOrigin(code);
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>('[data-copy]');
    if (button) void copy(button);
  });
}

function replaceOrigin(code: Element): void {
  const texts = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode())
    node.nodeValue = node.nodeValue?.replaceAll(SAMPLE_ORIGIN, location.origin) ?? null;
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const code = button.parentElement?.querySelector('code');
  if (!code) return;
  let done = false;
  try {
    await navigator.clipboard.writeText(code.textContent ?? '');
    done = true;
  } catch {
    // Without the right to use the clipboard, as on plain HTTP, the older command copies the selection.
    getSelection()?.selectAllChildren(code);
    done = document.execCommand('copy');
  }
  button.textContent = done ? 'Copied' : 'Selected: press Ctrl+C';
  button.toggleAttribute('data-done', done);
  setTimeout(() => {
    button.textContent = 'Copy';
    button.removeAttribute('data-done');
  }, SAID_MS);
}
