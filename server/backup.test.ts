import { backupOfFilesSentences } from "./backup-of-files.contract.ts";
import { backupSentences } from "./backup.contract.ts";

backupSentences();
backupOfFilesSentences();
