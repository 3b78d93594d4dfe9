import { type BaseSyntheticEvent, useState } from 'react';
import {
  type DefaultValues,
  type FieldValues,
  get,
  type Path,
  type Resolver,
  set,
  type UseFormReturn,
  useForm,
} from 'react-hook-form';
import { useDirtyForm } from '../self-healing/dirty-forms.ts';
import { troubleOf } from '../ui/problem.ts';

interface Schema<T> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: T }
    | { success: false; error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } };
}

export interface ApiFormOptions<T extends FieldValues> {
  readonly schema: Schema<T>;
  readonly defaultValues: DefaultValues<T>;
  /**
   * Rejects with the error of the API. The form shows the error, beside its field where the error names one.
   */
  readonly onSubmit: (values: T) => Promise<unknown>;
}

/**
 * A form of React Hook Form that sends to the API: checked by a schema, with the errors of the API beside
 * their fields.
 */
export function useApiForm<T extends FieldValues>(
  options: ApiFormOptions<T>,
): UseFormReturn<T> & {
  /** An error that belongs to no single field; null for none. */
  readonly failure: unknown;
  readonly submit: (event?: BaseSyntheticEvent) => Promise<void>;
} {
  const [failure, setFailure] = useState<unknown>(null);
  const form = useForm<T>({ defaultValues: options.defaultValues, resolver: resolverOf(options.schema) });
  const { isDirty, isSubmitSuccessful } = form.formState;
  useDirtyForm(isDirty && !isSubmitSuccessful);
  const send = form.handleSubmit(async (values) => {
    setFailure(null);
    try {
      await options.onSubmit(values as unknown as T);
    } catch (error) {
      const { errors } = troubleOf(error);
      const elsewhere = errors.filter(({ pointer, detail }) => {
        // An error inside of a list belongs to the field of the list.
        const name = pointer.split('/')[1] ?? '';
        if (!(name in options.defaultValues)) return true;
        form.setError(name as Path<T>, { type: 'server', message: detail });
        return false;
      });
      if (errors.length === 0 || elsewhere.length > 0) setFailure(error);
      // Marks the form as not sent for React Hook Form, so that its input stays unsaved.
      throw error;
    }
  });
  const submit = (event?: BaseSyntheticEvent) => send(event).catch(() => undefined);
  return { ...form, failure, submit };
}

/** Turns a schema of Zod (whole or mini) into a resolver of React Hook Form. */
export function resolverOf<T extends FieldValues>(schema: Schema<T>): Resolver<T> {
  return (values) => {
    const result = schema.safeParse(values);
    if (result.success) return { values: result.data, errors: {} };
    const errors: Record<string, { type: string; message: string }> = {};
    for (const { path, message } of result.error.issues) {
      const error = { type: 'schema', message };
      errors[String(path[0])] ??= { ...error };
      // The field of a list has its own error; a list that is one field has the first of them.
      if (path.length > 1 && !get(errors, path.join('.'))) set(errors, path.join('.'), error);
    }
    return { values: {}, errors: errors as never };
  };
}
