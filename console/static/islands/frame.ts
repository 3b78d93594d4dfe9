import { fetchStatus, showInFooter } from './footer-status.ts';

for (const link of document.querySelectorAll('[data-reload]'))
  link.addEventListener('click', (event) => {
    // The page in question still stands in the address when the gateway or the worker put this one in its place.
    if (/^\/(offline|failed)$/.test(location.pathname)) return;
    event.preventDefault();
    location.reload();
  });
void fetchStatus().then(showInFooter);
