import { settingsHelp } from "../settings.ts";
import { build } from "../version.ts";

export const help = (): string => `Snug ${build.version}: team chat in one file.

  snug [serve]                      run the server
  snug migrate                      bring the database up to date, and stop
  snug admin reset-password USER    give a person a new password
  snug healthcheck                  0 when the server is alive
  snug --version, --help

Each setting is a flag or a variable: --public-url is SNUG_PUBLIC_URL.

${settingsHelp()}
`;
