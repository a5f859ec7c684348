import { backupSentences } from "./backup.contract.ts";

backupSentences();
