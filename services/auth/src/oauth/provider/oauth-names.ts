/** The page of the console that asks a person. */
export const AUTHORIZE_PAGE = '/authorize';

/** The cookies of an interaction. The provider's session cookie is neither sent on nor given out. */
export const COOKIES = {
  session: 'oauth_session',
  interaction: 'oauth_interaction',
  resume: 'oauth_resume',
} as const;
