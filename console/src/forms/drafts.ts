const PREFIX = 'gridworks.draft.';

/** Unsent input of forms, kept by name until the tab is closed, the form is sent or a user logs out. */
export interface Drafts {
  read(): Record<string, string> | null;
  write(values: Record<string, string>): void;
  drop(): void;
}

export function draftsOf(user: string, form: string): Drafts {
  const key = `${PREFIX}${user}.${form}`;
  return {
    read: () => {
      try {
        const kept: unknown = JSON.parse(sessionStorage.getItem(key) ?? 'null');
        if (typeof kept !== 'object' || kept === null) return null;
        return Object.fromEntries(
          Object.entries(kept).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
        );
      } catch {
        return null;
      }
    },
    write: (values) => {
      try {
        sessionStorage.setItem(key, JSON.stringify(values));
      } catch {
        // Storage is full or forbidden: the draft is lost with the page.
      }
    },
    drop: () => sessionStorage.removeItem(key),
  };
}
