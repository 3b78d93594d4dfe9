import { explorerAddress, operationPath } from '../../src/reference/addresses.ts';
import { canBeTried } from '../../src/reference/offered.ts';
import { type Operation, type Parameter, type RawDocument, resolve } from '../../src/reference/open-api.ts';
import { sampleValue } from '../../src/reference/sample-value.ts';
import { rulesOf, type SchemaRow, schemaRows, typeText } from '../../src/reference/schema-rows.ts';
import { type Html, html, rawHtml } from '../html/html.ts';
import type { Page } from '../html/page.ts';
import { type DocsContent, docsFrame, methodMark } from './docs-frame.ts';
import { codeBlock, type Heading } from './render-markdown.ts';
import { sampleTabs } from './samples.ts';

/** The reference page of one operation. */
export function operationPage(content: DocsContent, document: RawDocument, operation: Operation): Page {
  const path = operationPath(operation.id);
  const { success, body } = operation;
  const headings: Heading[] = [];
  const heading = (id: string, text: string): Html => {
    headings.push({ depth: 2, id, text });
    return html`<h2 id="${id}">${text}<a class="anchor" href="#${id}" aria-label="Link to ${text}">#</a></h2>`;
  };
  const isJson = success.mediaType === 'application/json';
  const bodyRows = body ? schemaRows(document, body) : [];
  const parts: Html[] = [
    html`<h1>${operation.summary}</h1>
<p class="address">${methodMark(operation.method)}<code>${operation.path}</code>${canBeTried(document, operation) && html`<a class="button small quiet" href="${explorerAddress(operation.id)}">Try it</a>`}</p>
<p>${withCode(operation.access)}</p>`,
    sampleTabs(document, operation),
    heading('parameters', 'Parameters'),
    parameterTable(document, operation.parameters),
  ];
  if (body) parts.push(heading('body', 'Request body'), rowTable(bodyRows, 'Member', 'Members of the body'));
  parts.push(
    heading('response', 'Response'),
    html`<p><span class="status-code ok">${success.status}</span> ${isJson ? (resolve(document, success.schema).name ?? 'JSON') : success.mediaType}</p>`,
  );
  if (isJson)
    parts.push(
      rawHtml(codeBlock(JSON.stringify(sampleValue(document, success.schema), null, 2), 'json')),
      html`<details class="members"><summary>All members</summary>${rowTable(schemaRows(document, success.schema), 'Member', 'Members of the response')}</details>`,
    );
  parts.push(heading('errors', 'Errors'), errorTable(operation));
  return {
    path,
    title: operation.summary,
    description: `${operation.method} ${operation.path}: ${operation.summary}. Parameters, responses, every error, samples.`,
    section: 'docs',
    island: 'docs',
    body: docsFrame(content, path, html`${parts}`, headings),
  };
}

/** Turns text between backticks into `code`. */
const withCode = (text: string): Html[] =>
  text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));

const table = (label: string, head: readonly string[], rows: readonly Html[], kind = 'members-table'): Html =>
  html`<div class="table ${kind}" tabindex="0" role="region" aria-label="${label}"><table><thead><tr>${head.map((text) => html`<th scope="col">${text}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;

function parameterTable(document: RawDocument, parameters: readonly Parameter[]): Html {
  const order = { path: 0, query: 1, header: 2 };
  return table(
    'Parameters',
    ['Name', 'In', 'Type', 'What it is'],
    parameters
      .toSorted((a, b) => order[a.in] - order[b.in])
      .map(
        ({ name, in: place, required, description, schema }) =>
          html`<tr><th scope="row"><code>${name}</code>${required && html`<span class="required">required</span>`}</th><td>${place}</td><td>${typeText(document, schema)}</td><td>${explanation(description ?? schema.description ?? '', rulesOf(schema))}</td></tr>`,
      ),
  );
}

function rowTable(rows: readonly SchemaRow[], first: string, label: string): Html {
  if (rows.length === 0) return html`<p>An empty object.</p>`;
  return table(
    label,
    [first, 'Type', 'What it is'],
    rows.map(
      (row) =>
        html`<tr class="depth-${row.depth}"><th scope="row"><code>${row.name}</code>${row.required && html`<span class="required">required</span>`}</th><td>${row.type}</td><td>${explanation(row.description, row.rules)}</td></tr>`,
    ),
  );
}

const explanation = (description: string, rules: readonly string[]): Html =>
  html`${withCode(description)}${description !== '' && rules.length > 0 && ' '}${rules.length > 0 && html`<span class="rules">${capital(rules.join('; '))}.</span>`}`;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function errorTable(operation: Operation): Html {
  return table(
    'Errors',
    ['Status', 'Code', 'What it means', 'Retry'],
    operation.errors.flatMap(({ status, problems }) =>
      problems.map(
        ({ code, title, retry_after: retryAfter }) =>
          html`<tr><td><span class="status-code">${status}</span></td><td><a href="/problems/${code}"><code>${code}</code></a></td><td>${title}</td><td>${retryAfter === undefined ? 'no' : 'after Retry-After'}</td></tr>`,
      ),
    ),
    'errors-table',
  );
}
