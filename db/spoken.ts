/**
 * Whose own words count as read. Who posts has all they say, if they had all before it; written down with every post, that would be a second row to change
 * for each. So a room keeps who spoke last and since when: all messages from `spoken_from` to `last_seq` are `speaker_id`'s, and their ack follows
 * from that. It is written into their row when the run ends: when another speaks, and before an ack of theirs raises it.
 *
 * What holds, and must: whoever raises `last_seq` goes on with the run or ends it, under the room's lock, so a run only ever holds its speaker's own words;
 * whoever ends it locks its speaker's row before asking how far they are, so an ack that was told to anybody is never lower afterwards. An ack that
 * raises the speaker's ends the run first; one that arrives while the run begins counts as come before it. Nobody reads `members.acked_seq` but through
 * `ackedSeq`, or of what is another's alone. Where no speaker is kept, nothing is derived: as it stands in the row, so it is.
 */

/** As a room begins. */
export const NOBODY_SPEAKS = { speaker_id: null, spoken_from: null, prior_id: null, prior_from: null, prior_at: null };

/** Up to where the member `m` has the room `r`, as SQL of both databases. */
export const ackedSeq = (r: string, m: string): string =>
  `CASE WHEN ${r}.speaker_id = ${m}.user_id AND ${m}.acked_seq >= ${r}.spoken_from - 1 THEN ${r}.last_seq ELSE ${m}.acked_seq END`;

/**
 * What a post of `speaker` sets in the room `r`, in Postgres' own SQL; null where several spoke. The run that it ends is kept beside, for the same
 * statement alone: `prior_id` is null where the same one goes on speaking. (RETURNING gives a row as it is afterwards.)
 */
export const spoke = (speaker: string): string => `speaker_id = ${speaker},
        spoken_from = CASE WHEN r.speaker_id = ${speaker} THEN r.spoken_from ELSE r.last_seq + 1 END,
        prior_id = nullif(r.speaker_id, ${speaker}), prior_from = r.spoken_from,
        prior_at = CASE WHEN r.speaker_id = ${speaker} THEN r.prior_at ELSE r.last_at END`;

/**
 * What the end of a run sets in its speaker's row, in Postgres. The condition stands here and not in WHERE: there it would be asked of the row as it was
 * when the statement began, and what counts as read by an ack that arrived since would count so no more. (The row is written anew where it does not hold.)
 */
export const ranTo = (
  first: string,
  last: string,
  at: string,
): string => `acked_seq = CASE WHEN acked_seq >= ${first} - 1 THEN ${last} ELSE acked_seq END,
      acked_at = CASE WHEN acked_seq >= ${first} - 1 THEN ${at} ELSE acked_at END`;
