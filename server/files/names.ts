/** Where a file lies in a folder of files, ours or a backup's: `<tenant>/<two>/<hash>`. */
import { join } from "node:path";

export const INCOMING = "incoming"; // no tenant's name: those have 26 characters, or a hash

export const pathIn = (tenant_id: string, hash: string): string => join(folderOf(tenant_id), hash.slice(0, 2), hash);

/** Ours are safe as they are; any other text is not to be a path. */
const folderOf = (tenant_id: string): string =>
  /^[a-z0-9][a-z0-9-]{0,63}$/u.test(tenant_id) && tenant_id !== INCOMING
    ? tenant_id
    : `h-${new Bun.CryptoHasher("sha256").update(tenant_id).digest("hex")}`;
