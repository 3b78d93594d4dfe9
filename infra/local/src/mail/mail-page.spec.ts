import { describe, expect, it } from '@jest/globals';
import { renderList, renderMessage } from './mail-page.ts';
import type { StoredMail } from './mail-store.ts';

const message: StoredMail = {
  id: '20261101T000000000Z-0a1b2c3d',
  kind: 'email',
  sent: true,
  from: 'portal@example.com',
  to: ['admin@example.com'],
  subject: '[AUTO-RESOLVED] billing',
  text: 'all is well',
  message_id: '<1@example.com>',
  received_at: '2026-11-01T00:00:00.000Z',
};

describe('the mail page', () => {
  it.each(['subject', 'text', 'from', 'message_id'] as const)('shows markup in %s as text', (field) => {
    const hostile = { ...message, [field]: '<img src=x onerror="alert(1)">', to: ["'><script>"] };
    for (const page of [renderList([hostile]), renderMessage(hostile)]) {
      expect(page).not.toMatch(/<img|<script/);
    }
    expect(renderMessage(hostile)).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;');
  });

  it('marks messages that were not sent', () => {
    const sms: StoredMail = { ...message, kind: 'sms', sent: false, subject: '', text: 'billing is down' };
    expect(renderList([sms])).toMatch(/billing is down.*SMS, not sent/);
    expect(renderList([message])).not.toContain('not sent');
  });

  it('loads nothing from other origins', () => {
    expect(renderList([message]) + renderMessage(message)).not.toMatch(/https?:|src=|@import|url\(/);
  });

  it('says that there are no messages yet', () => {
    expect(renderList([])).toContain('No messages yet');
  });
});
