/**
 * Lets others have the loop: what came in meanwhile is looked at before this resolves. SQLite answers within the turn that asks it, so a walk of many
 * questions that only awaits them holds the loop to its end. Between the steps of a walk that grows with what is kept; never inside `write`, which others
 * wait for, and whose works take turns as they are.
 */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
