CREATE TABLE `files` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`purpose` text NOT NULL,
	`uploader_id` text NOT NULL,
	`room_id` text,
	`message_id` text,
	`name` text NOT NULL,
	`type` text NOT NULL,
	`bytes` integer NOT NULL,
	`hash` text,
	`preview_hash` text,
	`width` integer,
	`height` integer,
	`stored_at` integer,
	`removed_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `files_message` ON `files` (`tenant_id`,`message_id`);--> statement-breakpoint
CREATE INDEX `files_hash` ON `files` (`tenant_id`,`hash`);--> statement-breakpoint
CREATE INDEX `files_preview` ON `files` (`tenant_id`,`preview_hash`);--> statement-breakpoint
CREATE INDEX `files_created_at` ON `files` (`created_at`);--> statement-breakpoint
CREATE TABLE `reactions` (
	`tenant_id` text NOT NULL,
	`message_id` text NOT NULL,
	`emoji` text NOT NULL,
	`user_id` text NOT NULL,
	`room_id` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `message_id`, `emoji`, `user_id`)
);
--> statement-breakpoint
CREATE TABLE `saved` (
	`tenant_id` text NOT NULL,
	`user_id` text NOT NULL,
	`id` text NOT NULL,
	`message_id` text NOT NULL,
	`room_id` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `user_id`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `saved_message` ON `saved` (`tenant_id`,`user_id`,`message_id`);--> statement-breakpoint
ALTER TABLE `members` ADD `marked_seq` integer;--> statement-breakpoint
ALTER TABLE `messages` ADD `files` text;--> statement-breakpoint
ALTER TABLE `messages` ADD `reactions` text;--> statement-breakpoint
ALTER TABLE `messages` ADD `pinned_at` integer;--> statement-breakpoint
ALTER TABLE `messages` ADD `pinned_by` text;--> statement-breakpoint
CREATE INDEX `messages_replies` ON `messages` (`room_id`,`reply_to`,`seq`) WHERE reply_to IS NOT NULL;--> statement-breakpoint
CREATE INDEX `messages_pinned` ON `messages` (`room_id`,`pinned_at`) WHERE pinned_at IS NOT NULL;--> statement-breakpoint
ALTER TABLE `rooms` ADD `posting` text;--> statement-breakpoint
ALTER TABLE `users` ADD `disabled_why` text;--> statement-breakpoint
ALTER TABLE `users` ADD `avatar_id` text;--> statement-breakpoint
ALTER TABLE `users` ADD `status_text` text;--> statement-breakpoint
ALTER TABLE `users` ADD `status_emoji` text;--> statement-breakpoint
ALTER TABLE `users` ADD `status_until` integer;--> statement-breakpoint
ALTER TABLE `ws_sessions` ADD `hears` integer;