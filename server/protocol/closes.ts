/** Why a socket was closed, and by the number alone whether to come back (docs: protocol.md, Close codes). */
export const closes = {
  restart: 1012,
  policy: 1008,
  too_large: 1009,
  slow_reader: 4000,
  silent: 4001,
  crowded: 4002,
  store_away: 4003,
  token_expired: 4101,
  revoked: 4201,
  disabled: 4202,
  bad_protocol: 4203,
} as const;
