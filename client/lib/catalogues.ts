/**
 * Every catalogue by its name, as English has it. Types alone: a text that a translation lacks, has too many or fills with something else does not
 * compile, and neither does a catalogue without one. The rest, that nothing was forgotten inside a text, is chinese.test.ts's.
 */
import type { bellStrings } from "./bell-strings.ts";
import type { words as command } from "./command-strings.ts";
import type { detailsStrings } from "./details-strings.ts";
import type { words as jump } from "./jump-strings.ts";
import type { meStrings } from "./me-strings.ts";
import type { words as moves } from "./moves-strings.ts";
import type { notificationStrings } from "./notification-strings.ts";
import type { ownStrings } from "./own-strings.ts";
import type { personStrings } from "./person-strings.ts";
import type { pickerStrings } from "./picker-strings.ts";
import type { pictureStrings } from "./picture-strings.ts";
import type { quietStrings } from "./quiet-strings.ts";
import type { words as receipts } from "./receipts-strings.ts";
import type { roomEditStrings } from "./room-edit-strings.ts";
import type { roomStrings } from "./room-strings.ts";
import type { extrasStrings } from "./row-extras-strings.ts";
import type { savedStrings } from "./saved-strings.ts";
import type { words as shortcut } from "./shortcut-strings.ts";
import type { statusStrings } from "./status-strings.ts";
import type { strings } from "./strings.ts";
import type { words as threadWords } from "./thread-words.ts";
import type { uploadStrings } from "./upload-strings.ts";
import type { aboutStrings } from "./workspace-about-strings.ts";
import type { auditStrings } from "./workspace-audit-strings.ts";
import type { invitesStrings } from "./workspace-invites-strings.ts";
import type { keysStrings } from "./workspace-keys-strings.ts";
import type { membersStrings } from "./workspace-members-strings.ts";
import type { workspaceNames } from "./workspace-names.ts";
import type { settingsStrings } from "./workspace-settings-strings.ts";
import type { workspaceStrings } from "./workspace-strings.ts";
import type { webhookStrings } from "./workspace-webhooks-strings.ts";

export type Catalogues = {
  page: typeof strings;
  bell: typeof bellStrings;
  command: typeof command;
  details: typeof detailsStrings;
  jump: typeof jump;
  me: typeof meStrings;
  moves: typeof moves;
  notification: typeof notificationStrings;
  own: typeof ownStrings;
  person: typeof personStrings;
  picker: typeof pickerStrings;
  picture: typeof pictureStrings;
  quiet: typeof quietStrings;
  receipts: typeof receipts;
  room: typeof roomStrings;
  roomEdit: typeof roomEditStrings;
  rowExtras: typeof extrasStrings;
  saved: typeof savedStrings;
  shortcut: typeof shortcut;
  status: typeof statusStrings;
  threadWords: typeof threadWords;
  upload: typeof uploadStrings;
  workspace: typeof workspaceStrings;
  workspaceAbout: typeof aboutStrings;
  workspaceAudit: typeof auditStrings;
  workspaceInvites: typeof invitesStrings;
  workspaceKeys: typeof keysStrings;
  workspaceMembers: typeof membersStrings;
  workspaceNames: typeof workspaceNames;
  workspaceSettings: typeof settingsStrings;
  workspaceWebhooks: typeof webhookStrings;
};

/** The shape of a catalogue, with any words in it. */
export type Translated<English> = English extends string
  ? string
  : English extends (...gaps: infer Gaps) => unknown
    ? (...gaps: Gaps) => string
    : { readonly [Name in keyof English]: Translated<English[Name]> };

export type Chinese = { readonly [Name in keyof Catalogues]: Translated<Catalogues[Name]> };
