/** `snug --help`. */
import { settingsHelp } from "../settings.ts";
import { build } from "../version.ts";

export const help = (): string => `Snug ${build.version}: team chat in one file.

  snug [serve]                      run the server
  snug migrate                      bring the database up to date, and stop
  snug backup PATH                  write all that the database holds to one file, and what people sent to a folder beside it
  snug restore PATH                 put a backup in the place of the database (--replace, if it holds something)
  snug admin reset-password USER    give a person a new password (from standard input, or made and printed)
  snug admin tenants                list the tenants: id, name, host
  snug admin add-tenant NAME [HOST] make a tenant; people sign in there by password once it has a host
  snug admin close-tenant ID        close a tenant: nothing of it is lost, and nobody gets in
  snug healthcheck                  end with 0 when the server is alive
  snug --version, --help

Settings are flags or variables: --public-url is SNUG_PUBLIC_URL. Where both are given the flag holds. Times are like 30s, 15m, 1h, 7d.

${settingsHelp()}
`;
