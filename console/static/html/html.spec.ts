import { describe, expect, it } from '@jest/globals';
import { html, rawHtml } from './html.ts';

describe('the html template', () => {
  it('escapes what it is given', () => {
    expect(html`<p title="${'"a" & \'b\''}">${'<script>'}</p>`.text).toBe(
      '<p title="&quot;a&quot; &amp; &#39;b&#39;">&lt;script&gt;</p>',
    );
  });

  it('keeps HTML, joins lists and leaves nothing out but nothing', () => {
    expect(html`${[html`<b>${1}</b>`, rawHtml('<i></i>')]}${null}${undefined}${false}${0}`.text).toBe(
      '<b>1</b><i></i>0',
    );
  });
});
