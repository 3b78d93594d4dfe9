import { OPERATIONS } from '@gridworks/sdk';

/** The method of the SDK that calls an operation. */
export interface SdkMethod {
  /** `tickets.open` */
  readonly name: string;
  readonly paged: boolean;
  readonly idempotent: boolean;
}

type Table = { readonly [name: string]: string | Table };

/** Methods of the SDK by `GET /v1/tickets/{id}`. */
const SDK_METHODS: ReadonlyMap<string, SdkMethod> = new Map(methodsOf(OPERATIONS, ''));

/** The method of an operation; null for one that came to the API after this SDK. */
export const sdkMethodOf = ({
  method,
  path,
}: {
  readonly method: string;
  readonly path: string;
}): SdkMethod | null => SDK_METHODS.get(`${method} ${path}`) ?? null;

function methodsOf(table: Table, prefix: string): [string, SdkMethod][] {
  return Object.entries(table).flatMap(([name, row]): [string, SdkMethod][] => {
    if (typeof row !== 'string') return methodsOf(row, `${prefix}${name}.`);
    const [method = '', path = '', flags = ''] = row.split(' ');
    return [
      [
        `${method} ${path.replace(/:([a-z_]+)/g, '{$1}')}`,
        { name: `${prefix}${name}`, paged: flags.includes('p'), idempotent: flags.includes('i') },
      ],
    ];
  });
}
