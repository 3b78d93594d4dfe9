/** Host and port of a URL with or without a scheme. Throws when the text is no URL. */
export function hostAndPort(url: string, defaultPort: number): { host: string; port: number } {
  const first = url.split(',')[0] as string;
  const parsed = new URL(first.includes('://') ? first : `tcp://${first}`);
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, '') || '127.0.0.1',
    port: parsed.port ? Number(parsed.port) : defaultPort,
  };
}
