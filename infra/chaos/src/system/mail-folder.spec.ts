import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MailFolder } from './mail-folder.ts';

describe('MailFolder', () => {
  let folder: string;
  const mail = (name: string, subject: string, text = '') =>
    writeFile(join(folder, `${name}.json`), JSON.stringify({ subject, text }));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gridworks-mail-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('counts the healer’s messages that came since, and those about one incident', async () => {
    await mail('1', '[AUTO-RESOLVED] before');
    const mails = new MailFolder(folder);
    await mail('2', 'Welcome');
    await mail('3', '[AUTO-RESOLVED] billing ended, healed in 2 s', 'Incident inc_1');
    await writeFile(join(folder, '4.json'), '{"subject": "[ACTION');
    expect(mails.aboutIncidents()).toHaveLength(1);
    await mail('4', '[ACTION NEEDED] redis does not respond', 'Incident inc_2');
    expect(mails.aboutIncidents()).toHaveLength(2);
    expect(mails.about({ id: 'inc_1', title: 'something else' }).map(({ file }) => file)).toEqual(['3.json']);
  });

  it('finds nothing in a folder that is not there', () => {
    expect(new MailFolder(join(folder, 'none')).aboutIncidents()).toEqual([]);
  });
});
