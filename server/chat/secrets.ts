/** One-time secrets: random where they are made, SHA-256 where they are kept. A stolen database opens nothing. */

/** What is stored of a token, ticket or code: 32 random bytes need no salt and no slow hash. */
export const hashOf = (secret: string): string => new Bun.CryptoHasher("sha256").update(secret).digest("hex");

/** The successor of a refresh token: derived, so that the same old one always answers with the same new one, on any instance. */
export const successorOf = (token: string, key: Uint8Array): string =>
  new Bun.CryptoHasher("sha256", key).update(`refresh${token}`).digest("base64url");
