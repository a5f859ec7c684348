import { bodySentences } from "../bodies.contract.ts";

bodySentences();
