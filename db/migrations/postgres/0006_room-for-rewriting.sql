-- A post rewrites its room's row and, of who has read all before, the member's. A page that has room takes the new row beside the old one, and no index
-- is touched; of a full page each index gets another entry. What is stored already moves as it is rewritten.
ALTER TABLE "rooms" SET (fillfactor = 70);--> statement-breakpoint
ALTER TABLE "members" SET (fillfactor = 70);
