import { processSentences } from "./process.contract.ts";

processSentences();
