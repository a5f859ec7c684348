import { drainSentences } from "../drain.contract.ts";

drainSentences();
