import { describe, expect, it } from '@jest/globals';
import { html, rawHtml } from './html.ts';

describe('the html template', () => {
  it('escapes its values', () => {
    expect(html`<p title="${'"a" & \'b\''}">${'<script>'}</p>`.text).toBe(
      '<p title="&quot;a&quot; &amp; &#39;b&#39;">&lt;script&gt;</p>',
    );
  });

  it('keeps HTML, joins lists and leaves out only null, undefined and false', () => {
    expect(html`${[html`<b>${1}</b>`, rawHtml('<i></i>')]}${null}${undefined}${false}${0}`.text).toBe(
      '<b>1</b><i></i>0',
    );
  });
});
