import { type ReactNode, useEffect, useState } from 'react';
import { TextField } from '../ui/field.tsx';

const PAUSE_MS = 250;

/**
 * A search field that searches a quarter of a second after the last key, so that the address changes once for
 * each word.
 */
export function SearchField({
  label,
  value,
  onSearch,
}: {
  readonly label: string;
  readonly value: string;
  readonly onSearch: (value: string) => void;
}): ReactNode {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onSearch(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, value, onSearch]);
  return (
    <search>
      <TextField
        className="max-w-sm"
        label={label}
        type="search"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </search>
  );
}
