import { parseSync } from '@swc/core';

/** A part of a syntax tree, as swc gives it. */
interface Syntax {
  readonly type?: string;
  readonly [member: string]: unknown;
}

/** The event codes that a TypeScript source logs: texts in the first argument of `….log(…)`, on both sides of a `? :`. */
export function loggedEvents(source: string): string[] {
  if (!source.includes('.log(')) return [];
  const found: string[] = [];
  visit(parseSync(source, { syntax: 'typescript', decorators: true }) as unknown as Syntax, (call) => {
    const [first] = call.arguments as { expression: Syntax }[];
    if (first && nameOf(call.callee as Syntax) === 'log') found.push(...textsOf(first.expression));
  });
  return found;
}

function visit(node: Syntax, onCall: (call: Syntax) => void): void {
  if (Array.isArray(node.arguments) && node.callee) onCall(node);
  for (const member of Object.values(node)) {
    if (typeof member === 'object' && member !== null) visit(member as Syntax, onCall);
  }
}

/** `log` of `logger.log` and of `this.#logger?.log`. */
function nameOf(callee: Syntax): unknown {
  if (callee.type === 'MemberExpression') return (callee.property as Syntax).value;
  return callee.type === 'OptionalChainingExpression' ? nameOf(callee.base as Syntax) : undefined;
}

function textsOf(expression: Syntax): string[] {
  if (expression.type === 'StringLiteral') return [expression.value as string];
  if (expression.type === 'ParenthesisExpression') return textsOf(expression.expression as Syntax);
  if (expression.type !== 'ConditionalExpression') return [];
  return [...textsOf(expression.consequent as Syntax), ...textsOf(expression.alternate as Syntax)];
}
