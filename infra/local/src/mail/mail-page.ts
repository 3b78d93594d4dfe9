import type { StoredMail } from './mail-store.ts';

/** Text as HTML shows it, also inside quoted attributes. */
export function escapeHtml(text: string): string {
  const names: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => names[character] ?? '');
}

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --accent: #2563eb; }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 2rem 1rem; }
h1 { font-size: 1.3rem; margin: 0 0 1.5rem; overflow-wrap: anywhere; }
a { color: var(--accent); text-decoration: none; }
ul { list-style: none; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
li + li { border-top: 1px solid var(--line); }
li a { display: grid; grid-template-columns: 1fr auto; gap: .1rem 1rem; padding: .8rem 1rem; color: inherit; }
li a:hover { background: var(--soft); }
.subject { font-weight: 600; overflow-wrap: anywhere; }
.quiet { opacity: .65; font-size: .87rem; overflow-wrap: anywhere; }
.badge { font-size: .75rem; padding: .05rem .5rem; border: 1px solid #d97706; color: #d97706; border-radius: 99px; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .2rem 1rem; margin: 0 0 1.5rem; }
dt { opacity: .65; } dd { margin: 0; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 1rem; border: 1px solid var(--line); border-radius: 10px; }
.empty { padding: 3rem 1rem; text-align: center; border: 1px dashed var(--line); border-radius: 10px; }
`;

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body>${body}</body></html>
`;
}

const titleOf = (message: StoredMail) =>
  message.subject || (message.kind === 'sms' ? message.text.slice(0, 80) : '(no subject)');
const badgeOf = (message: StoredMail) =>
  message.sent ? '' : ` <span class="badge">${message.kind === 'sms' ? 'SMS, ' : ''}not sent</span>`;

/** All messages, in the given order (newest first). */
export function renderList(messages: readonly StoredMail[]): string {
  const items = messages.map(
    (message) => `<li><a href="/messages/${escapeHtml(message.id)}">
<span class="subject">${escapeHtml(titleOf(message))}${badgeOf(message)}</span>
<time class="quiet" datetime="${escapeHtml(message.received_at)}">${escapeHtml(message.received_at)}</time>
<span class="quiet">to ${escapeHtml(message.to.join(', '))}</span></a></li>`,
  );
  const list = items.length > 0 ? `<ul>${items.join('')}</ul>` : '<p class="empty">No messages yet.</p>';
  return page('Mail of the portal', `<h1>Mail of the portal</h1>${list}`);
}

export function renderMessage(message: StoredMail): string {
  const rows: [string, string][] = [
    ['From', message.from],
    ['To', message.to.join(', ')],
    ['Time', message.received_at],
    ['Id', message.message_id],
  ];
  const raw =
    message.kind === 'email'
      ? ` · <a href="/messages/${escapeHtml(message.id)}.eml">original message</a>`
      : '';
  return page(
    titleOf(message),
    `<p><a href="/">← all messages</a>${raw}</p><h1>${escapeHtml(titleOf(message))}${badgeOf(message)}</h1>
<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`).join('')}</dl>
<pre>${escapeHtml(message.text)}</pre>`,
  );
}
