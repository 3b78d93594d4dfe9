import { escapeHtml } from './mail-sections.ts';

/** A mail to a person: what happened, and at most one thing to do. */
export interface Letter {
  readonly heading: string;
  /** Paragraphs before the button. */
  readonly lines: readonly string[];
  /** The thing to do. */
  readonly button?: { readonly text: string; readonly url: string } | undefined;
  /** Paragraphs after it, smaller: how long the link works, what to do when the reader did not ask for the mail. */
  readonly notes: readonly string[];
}

const BODY =
  'margin:0;padding:24px 12px;background:#f4f5f7;font-family:-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif;color:#101828';
const CARD = 'max-width:520px;margin:0 auto;background:#ffffff;border:1px solid #e4e7ec;border-radius:10px';
const BUTTON =
  'display:inline-block;padding:11px 20px;border-radius:8px;background:#1f4fd8;color:#ffffff;font-size:15px;font-weight:600;text-decoration:none';

/** A letter as plain text, in which every link stands whole on a line of its own. */
export function renderLetterAsText({ heading, lines, button, notes }: Letter): string {
  const link = button ? [`${button.text}:\n${button.url}`] : [];
  return `${[heading, ...lines, ...link, ...notes, 'GridWorks Partner Portal'].join('\n\n')}\n`;
}

/** The same letter as HTML: no images, no scripts, nothing to load. */
export function renderLetterAsHtml({ heading, lines, button, notes }: Letter): string {
  const paragraph = (text: string, style: string) =>
    `<p style="margin:0 0 12px;${style}">${escapeHtml(text)}</p>`;
  const url = button && escapeHtml(button.url);
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(heading)}</title></head>`,
    `<body style="${BODY}"><div style="${CARD}"><div style="padding:28px 28px 16px">`,
    '<p style="margin:0 0 20px;font-size:13px;font-weight:600;color:#475467">GridWorks Partner Portal</p>',
    `<h1 style="margin:0 0 14px;font-size:21px;line-height:1.3">${escapeHtml(heading)}</h1>`,
    ...lines.map((line) => paragraph(line, 'font-size:15px;line-height:1.55')),
    ...(button
      ? [
          `<p style="margin:20px 0"><a href="${url}" style="${BUTTON}">${escapeHtml(button.text)}</a></p>`,
          `<p style="margin:0 0 12px;font-size:12px;line-height:1.5;color:#667085">Or open this address:<br><a href="${url}" style="color:#1f4fd8;word-break:break-all">${url}</a></p>`,
        ]
      : []),
    '</div>',
    `<div style="padding:14px 28px 10px;border-top:1px solid #e4e7ec">${notes.map((note) => paragraph(note, 'font-size:12px;line-height:1.5;color:#667085')).join('')}</div>`,
    '</div></body></html>',
  ].join('\n');
}
