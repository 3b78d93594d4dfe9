/** Name and code of an error, without its message, which may contain secrets. Accepts any thrown value. */
export function errorLabel(error: unknown): string {
  if (typeof error !== 'object' || error === null) return typeof error;
  try {
    const { name, code } = error as { name?: unknown; code?: unknown };
    const label = typeof name === 'string' ? name : 'Error';
    return typeof code === 'string' || typeof code === 'number' ? `${label} ${code}` : label;
  } catch {
    return 'an error that cannot be read';
  }
}
