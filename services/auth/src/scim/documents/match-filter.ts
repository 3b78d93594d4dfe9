import { memberOf } from './members.ts';
import type { Filter, Literal, Operator } from './parse-filter.ts';

/** Whether an element of a list, such as one of `emails`, fits a filter. Texts are compared without regard to case. */
export function matches(filter: Filter, element: unknown): boolean {
  switch (filter.kind) {
    case 'and':
      return matches(filter.left, element) && matches(filter.right, element);
    case 'or':
      return matches(filter.left, element) || matches(filter.right, element);
    case 'not':
      return !matches(filter.filter, element);
    case 'present':
      return isPresent(valueAt(element, filter.path));
    case 'compare':
      return compare(valueAt(element, filter.path), filter.operator, filter.value);
    case 'element':
      return [valueAt(element, filter.path)].flat().some((one) => matches(filter.filter, one));
  }
}

const valueAt = (element: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => memberOf(value, name), element);

const isPresent = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);

function compare(value: unknown, operator: Operator, wanted: Literal): boolean {
  // Some directories send booleans as texts.
  const [left, right] = [plain(value), plain(wanted)];
  switch (operator) {
    case 'eq':
      return left === right;
    case 'ne':
      return left !== right;
    case 'co':
      return left.includes(right);
    case 'sw':
      return left.startsWith(right);
    case 'ew':
      return left.endsWith(right);
    case 'gt':
      return left > right;
    case 'ge':
      return left >= right;
    case 'lt':
      return left < right;
    case 'le':
      return left <= right;
  }
}

const plain = (value: unknown): string => String(value ?? '').toLowerCase();
