/** `openTicket` is at `/docs/api/open-ticket`: addresses of pages are in lower case. */
export const operationPath = (id: string): string =>
  `/docs/api/${id
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase()}`;

/** The address of an operation in the API explorer. */
export const explorerAddress = (id: string): string => `/explorer?operation=${encodeURIComponent(id)}`;

/** `api-keys`: `API keys`. */
export const tagTitle = (tag: string): string => {
  const words = tag.replaceAll('-', ' ').replace(/\bapi\b/g, 'API');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** The first clause of a summary: enough for a list. */
export const shorten = (summary: string): string => summary.split(/[.:,](?:\s|$)/)[0] ?? summary;
