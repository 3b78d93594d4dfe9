import { MAX_SCIM_USERS_PAGE } from '@gridworks/contracts';

type Json = Record<string, unknown>;

const CORE = 'urn:ietf:params:scim:schemas:core:2.0';
const LIST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/** What this service provider can do (RFC 7643, 5). */
export const SERVICE_PROVIDER_CONFIG: Json = {
  schemas: [`${CORE}:ServiceProviderConfig`],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: MAX_SCIM_USERS_PAGE },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'SCIM token',
      description: 'A SCIM token of the partner, pp_scim_…, as a bearer token',
      specUri: 'https://www.rfc-editor.org/info/rfc6750',
      primary: true,
    },
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: '/scim/v2/ServiceProviderConfig' },
};

const resourceType = (name: string, endpoint: string): Json & { id: string } => ({
  schemas: [`${CORE}:ResourceType`],
  id: name,
  name,
  endpoint,
  schema: `${CORE}:${name}`,
  meta: { resourceType: 'ResourceType', location: `/scim/v2/ResourceTypes/${name}` },
});

/** RFC 7643, 6. */
export const RESOURCE_TYPES = [resourceType('User', '/Users'), resourceType('Group', '/Groups')];

interface AttributeOptions {
  readonly type?: string;
  readonly multiValued?: boolean;
  readonly required?: boolean;
  readonly caseExact?: boolean;
  readonly mutability?: string;
  readonly uniqueness?: string;
  readonly subAttributes?: readonly Json[];
}

const attribute = (name: string, description: string, options: AttributeOptions = {}): Json => ({
  ...{ name, type: 'string', multiValued: false, description, required: false, caseExact: false },
  ...{ mutability: 'readWrite', returned: 'default', uniqueness: 'none' },
  ...options,
});

const schema = (name: string, description: string, attributes: readonly Json[]): Json & { id: string } => ({
  schemas: [`${CORE}:Schema`],
  id: `${CORE}:${name}`,
  name,
  description,
  attributes,
  meta: { resourceType: 'Schema', location: `/scim/v2/Schemas/${CORE}:${name}` },
});

/** The attributes that are kept (RFC 7643, 7). Others are accepted and left out. */
export const SCHEMAS = [
  schema('User', 'A person of the partner', [
    attribute('userName', 'The name in the directory; the address, where emails has none', {
      required: true,
      uniqueness: 'server',
    }),
    attribute('externalId', 'The id in the directory', { caseExact: true }),
    attribute('displayName', 'The name that is shown'),
    attribute('name', 'The parts of the name', {
      type: 'complex',
      subAttributes: [
        attribute('formatted', 'The whole name'),
        attribute('givenName', 'The first name'),
        attribute('familyName', 'The last name'),
      ],
    }),
    attribute('active', 'Whether the person is a member of the partner', { type: 'boolean' }),
    attribute('emails', 'The address of the account: one, in a verified domain of the partner', {
      type: 'complex',
      multiValued: true,
      subAttributes: [
        attribute('value', 'The address'),
        attribute('type', 'Always work'),
        attribute('primary', 'Always true', { type: 'boolean' }),
      ],
    }),
    attribute('groups', 'The groups of the person', {
      type: 'complex',
      multiValued: true,
      mutability: 'readOnly',
      subAttributes: [
        attribute('value', 'The id of the group', { mutability: 'readOnly', caseExact: true }),
        attribute('display', 'The name of the group', { mutability: 'readOnly' }),
        attribute('$ref', 'The address of the group', { type: 'reference', mutability: 'readOnly' }),
      ],
    }),
  ]),
  schema('Group', 'A group of the directory. It may give its people a role', [
    attribute('displayName', 'The name of the group', { required: true, uniqueness: 'server' }),
    attribute('externalId', 'The id in the directory', { caseExact: true }),
    attribute('members', 'The people in the group', {
      type: 'complex',
      multiValued: true,
      subAttributes: [attribute('value', 'The id of the user', { caseExact: true, mutability: 'immutable' })],
    }),
  ]),
];

/** A list of all that there is. */
export const listResponse = (resources: readonly Json[]): Json => ({
  schemas: [LIST_SCHEMA],
  totalResults: resources.length,
  startIndex: 1,
  itemsPerPage: resources.length,
  Resources: resources,
});
