import { fetchStatus, showInFooter } from './footer-status.ts';

for (const link of document.querySelectorAll('[data-reload]'))
  link.addEventListener('click', (event) => {
    // When the gateway or the worker serves this page in place of another, the address is still that of the
    // other page.
    if (/^\/(offline|failed)$/.test(location.pathname)) return;
    event.preventDefault();
    location.reload();
  });
void fetchStatus().then(showInFooter);
