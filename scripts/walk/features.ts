/** The walk by subject: each with a workspace of its own in which ann, bob and cy have just come together, so that none depends on another. */
import { commandSteps } from "./commands.ts";
import { deskKeySteps } from "./desk-keys.ts";
import { deskSteps } from "./desk.ts";
import { faceSteps } from "./faces.ts";
import { fenceSteps } from "./fences.ts";
import { fileSteps } from "./files.ts";
import { habitSteps } from "./habits.ts";
import { jumpSteps } from "./jumps.ts";
import { installedSteps } from "./installed.ts";
import { moveSteps } from "./moves.ts";
import { reactionSteps } from "./reactions.ts";
import { receiptSteps } from "./receipts.ts";
import { roomSteps } from "./rooms.ts";
import { speechSteps } from "./speech.ts";
import { statusSteps } from "./statuses.ts";
import { threadSteps } from "./threads.ts";
import type { Step } from "./steps.ts";

export const features: Readonly<Record<string, readonly Step[]>> = {
  threads: [...threadSteps, ...commandSteps, ...moveSteps, ...fenceSteps, ...jumpSteps, ...receiptSteps],
  rooms: [...roomSteps, ...statusSteps, ...faceSteps],
  desk: [...deskKeySteps, ...deskSteps],
  habits: habitSteps,
  reactions: [...reactionSteps, ...speechSteps],
  files: fileSteps,
  installed: installedSteps,
};
