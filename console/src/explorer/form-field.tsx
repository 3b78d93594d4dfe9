import type { ReactNode } from 'react';
import { SelectField, TextArea, TextField } from '../ui/field.tsx';
import type { FormField } from './form-fields.ts';
import { TextWithCode } from './text-with-code.tsx';

interface FormFieldProps {
  readonly field: FormField;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}

/** The control of one value, with what the schema says of it. */
export function FormFieldControl({ field, value, error, onChange }: FormFieldProps): ReactNode {
  const { name, required, choices, control, example, type } = field;
  const frame = {
    label: required ? `${name} (required)` : name,
    hint: <Hint field={field} />,
    error,
    value,
    spellCheck: false,
    autoComplete: 'off',
  };
  if (control === 'choice')
    return (
      <SelectField
        {...frame}
        onChange={(event) => onChange(event.target.value)}
        options={[
          { value: '', label: required ? 'Choose' : 'not given' },
          ...choices.map((choice) => ({ value: choice, label: choice })),
        ]}
      />
    );
  if (control === 'lines')
    return (
      <TextArea
        {...frame}
        rows={type === 'json' ? 5 : 3}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  return (
    <TextField
      {...frame}
      placeholder={example}
      inputMode={type === 'number' ? 'numeric' : undefined}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function Hint({
  field: { description, rules, type, nullable, control },
}: {
  readonly field: FormField;
}): ReactNode {
  const said = [
    ...(type === 'json' ? ['JSON'] : []),
    ...rules,
    ...(nullable && control !== 'choice' ? ['null clears it'] : []),
  ].join(', ');
  if (!description && !said) return null;
  return (
    <>
      {description && <TextWithCode text={description} />}
      {description && said && ' '}
      {said && <span className="text-xs">({said})</span>}
    </>
  );
}
