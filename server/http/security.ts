/** Who may ask which route, as /openapi.json tells it: security.test.ts holds it to what the routes do. */

export const securitySchemes = {
  access_token: {
    type: "http" as const,
    scheme: "bearer",
    description: "From POST /api/v1/auth/login, or minted by POST /api/v1/auth/tokens.",
  },
  api_key: {
    type: "apiKey" as const,
    in: "header" as const,
    name: "X-API-Key",
    description: "A key of the workspace's application. Never from a browser.",
  },
  user_id: {
    type: "apiKey" as const,
    in: "header" as const,
    name: "X-User-Id",
    description: "For whom the key asks. Whom nobody knows is brought into being.",
  },
  operator_key: {
    type: "apiKey" as const,
    in: "header" as const,
    name: "X-API-Key",
    description: "The key in <data>/operator.key: who runs the server.",
  },
};

type Requirement = { [scheme in keyof typeof securitySchemes]?: [] };

/** Each of them is enough; none for what anybody may ask. `path` is a template, with or without the slash that a group leaves behind it. */
export function securityOf(path: string): Requirement[] {
  if (isOperators(path)) return [{ operator_key: [] }];
  if (isOpen(path)) return [];
  const forUser: Requirement = { api_key: [], user_id: [] };
  if (isMinting(path)) return [{ api_key: [] }, forUser];
  return [{ access_token: [] }, forUser, ...(takesKeyAlone(path) ? [{ api_key: [] } satisfies Requirement] : [])];
}

const isOperators = (path: string): boolean => /^\/(metrics|admin(?!\/dead-letters)|api\/v1\/(tenants|audit))(\/|$)/u.test(path);

/** The routes of `stranger`, what anybody may read, and what a ticket in the address opens. */
const isOpen = (path: string): boolean =>
  !/^\/(api|ws|admin)\//u.test(path) ||
  /^\/api\/v1\/(setup|invites|logos|auth\/(register|login|refresh|logout)|files\/:file_id\/download)(\/|$)/u.test(path);

const isMinting = (path: string): boolean => /^\/api\/v1\/auth\/tokens(\/|$)/u.test(path);

/** The routes of `askerOrKey`. */
const takesKeyAlone = (path: string): boolean => /^(\/api\/v1)?\/(admin\/|webhooks(\/|$))/u.test(path);
