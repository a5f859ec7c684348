import { fileSentences } from "./files.contract.ts";

fileSentences();
