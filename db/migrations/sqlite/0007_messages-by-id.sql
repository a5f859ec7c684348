PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_messages` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`room_id` text NOT NULL,
	`sender_id` text NOT NULL,
	`client_id` text NOT NULL,
	`seq` integer NOT NULL,
	`rev` integer NOT NULL,
	`born_rev` integer NOT NULL,
	`content` text NOT NULL,
	`meta` text,
	`mentions` text,
	`reply_to` text,
	`created_at` integer NOT NULL,
	`edited_at` integer,
	`removed_at` integer,
	`files` text,
	`reactions` text,
	`pinned_at` integer,
	`pinned_by` text
);
--> statement-breakpoint
INSERT INTO `__new_messages`("id", "tenant_id", "room_id", "sender_id", "client_id", "seq", "rev", "born_rev", "content", "meta", "mentions", "reply_to", "created_at", "edited_at", "removed_at", "files", "reactions", "pinned_at", "pinned_by") SELECT "id", "tenant_id", "room_id", "sender_id", "client_id", "seq", "rev", "born_rev", "content", "meta", "mentions", "reply_to", "created_at", "edited_at", "removed_at", "files", "reactions", "pinned_at", "pinned_by" FROM `messages`;--> statement-breakpoint
DROP TABLE `messages`;--> statement-breakpoint
ALTER TABLE `__new_messages` RENAME TO `messages`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE UNIQUE INDEX `messages_seq` ON `messages` (`room_id`,`seq`);--> statement-breakpoint
CREATE UNIQUE INDEX `messages_client_id` ON `messages` (`client_id`,`sender_id`,`room_id`);--> statement-breakpoint
CREATE INDEX `messages_changed` ON `messages` (`room_id`,`rev`) WHERE rev > born_rev;--> statement-breakpoint
CREATE INDEX `messages_replies` ON `messages` (`room_id`,`reply_to`,`seq`) WHERE reply_to IS NOT NULL;--> statement-breakpoint
CREATE INDEX `messages_pinned` ON `messages` (`room_id`,`pinned_at`) WHERE pinned_at IS NOT NULL;