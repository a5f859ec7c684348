CREATE TABLE `audit_log` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`at` integer NOT NULL,
	`actor_id` text,
	`action` text NOT NULL,
	`target_id` text,
	`detail` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE TABLE `installation` (
	`id` integer PRIMARY KEY NOT NULL,
	`epoch` text NOT NULL,
	`boot` text NOT NULL,
	`secret_prints` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `invites` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`code_hash` text NOT NULL,
	`role` text NOT NULL,
	`max_uses` integer NOT NULL,
	`used_count` integer NOT NULL,
	`created_by` text NOT NULL,
	`expires_at` integer NOT NULL,
	`revoked_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `invites_code_hash` ON `invites` (`code_hash`);--> statement-breakpoint
CREATE TABLE `members` (
	`tenant_id` text NOT NULL,
	`room_id` text NOT NULL,
	`user_id` text NOT NULL,
	`role` text NOT NULL,
	`level` text NOT NULL,
	`acked_seq` integer NOT NULL,
	`acked_at` integer NOT NULL,
	`rev` integer NOT NULL,
	`joined_at` integer NOT NULL,
	`left_at` integer,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `room_id`, `user_id`)
);
--> statement-breakpoint
CREATE INDEX `members_user` ON `members` (`tenant_id`,`user_id`);--> statement-breakpoint
CREATE INDEX `members_rev` ON `members` (`tenant_id`,`room_id`,`rev`);--> statement-breakpoint
CREATE TABLE `mentions` (
	`tenant_id` text NOT NULL,
	`room_id` text NOT NULL,
	`user_id` text NOT NULL,
	`seq` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `room_id`, `user_id`, `seq`)
);
--> statement-breakpoint
CREATE TABLE `messages` (
	`arrival` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
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
	`removed_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `messages_seq` ON `messages` (`room_id`,`seq`);--> statement-breakpoint
CREATE UNIQUE INDEX `messages_id` ON `messages` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `messages_client_id` ON `messages` (`client_id`,`sender_id`,`room_id`);--> statement-breakpoint
CREATE INDEX `messages_changed` ON `messages` (`room_id`,`rev`) WHERE rev > born_rev;--> statement-breakpoint
CREATE TABLE `refresh_tokens` (
	`hash` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`sign_in_id` text NOT NULL,
	`used_at` integer,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `refresh_tokens_sign_in` ON `refresh_tokens` (`tenant_id`,`sign_in_id`);--> statement-breakpoint
CREATE INDEX `refresh_tokens_expires_at` ON `refresh_tokens` (`expires_at`);--> statement-breakpoint
CREATE TABLE `rooms` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`type` text NOT NULL,
	`visibility` text NOT NULL,
	`name` text,
	`folded_name` text,
	`description` text NOT NULL,
	`owner_id` text,
	`unique_key` text,
	`first_seq` integer NOT NULL,
	`last_seq` integer NOT NULL,
	`last_rev` integer NOT NULL,
	`last_at` integer NOT NULL,
	`rev` integer NOT NULL,
	`rights_rev` integer NOT NULL,
	`member_count` integer NOT NULL,
	`archived_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `rooms_unique_key` ON `rooms` (`tenant_id`,`unique_key`);--> statement-breakpoint
CREATE UNIQUE INDEX `rooms_folded_name` ON `rooms` (`tenant_id`,`folded_name`);--> statement-breakpoint
CREATE TABLE `sign_ins` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`user_id` text NOT NULL,
	`device` text NOT NULL,
	`born_at` integer NOT NULL,
	`seen_at` integer NOT NULL,
	`ended_at` integer,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `sign_ins_user` ON `sign_ins` (`tenant_id`,`user_id`);--> statement-breakpoint
CREATE TABLE `tenants` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`host` text,
	`registration` text NOT NULL,
	`directory` integer NOT NULL,
	`limits` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tenants_host` ON `tenants` (`host`);--> statement-breakpoint
CREATE TABLE `users` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`username` text,
	`display_name` text NOT NULL,
	`password_hash` text,
	`role` text NOT NULL,
	`kind` text NOT NULL,
	`settings` text NOT NULL,
	`disabled_at` integer,
	`last_seen_at` integer,
	`rev` integer NOT NULL,
	`changed_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_username` ON `users` (`tenant_id`,`username`);--> statement-breakpoint
CREATE INDEX `users_changed_at` ON `users` (`changed_at`);--> statement-breakpoint
CREATE TABLE `ws_sessions` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`user_id` text NOT NULL,
	`instance_id` text NOT NULL,
	`last_seen_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `ws_sessions_user` ON `ws_sessions` (`tenant_id`,`user_id`);--> statement-breakpoint
CREATE TABLE `ws_tickets` (
	`hash` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`user_id` text NOT NULL,
	`room_id` text,
	`via` text NOT NULL,
	`origin` text,
	`used_at` integer,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `ws_tickets_expires_at` ON `ws_tickets` (`expires_at`);