CREATE TABLE `instances` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text,
	`beat` integer NOT NULL,
	`rev` integer NOT NULL,
	`floor_rev` integer NOT NULL,
	`seen_at` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
DROP INDEX `ws_sessions_user`;--> statement-breakpoint
ALTER TABLE `ws_sessions` ADD `status` text NOT NULL;--> statement-breakpoint
ALTER TABLE `ws_sessions` ADD `rev` integer NOT NULL;--> statement-breakpoint
ALTER TABLE `ws_sessions` ADD `closed_at` integer;--> statement-breakpoint
CREATE INDEX `ws_sessions_instance` ON `ws_sessions` (`instance_id`,`rev`);