import { instancesSentences } from "./instances.contract.ts";

instancesSentences();
