CREATE TABLE `api_keys` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`hash` text NOT NULL,
	`prefix` text NOT NULL,
	`name` text NOT NULL,
	`scope` text NOT NULL,
	`impersonate` integer NOT NULL,
	`created_by` text,
	`last_used_at` integer,
	`expires_at` integer,
	`revoked_at` integer,
	`rev` integer NOT NULL,
	`changed_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_hash` ON `api_keys` (`hash`);--> statement-breakpoint
CREATE INDEX `api_keys_changed_at` ON `api_keys` (`changed_at`);--> statement-breakpoint
CREATE TABLE `attempts` (
	`tenant_id` text NOT NULL,
	`delivery_id` text NOT NULL,
	`attempt` integer NOT NULL,
	`at` integer NOT NULL,
	`duration_ms` integer,
	`status` integer,
	`error` text,
	PRIMARY KEY(`tenant_id`, `delivery_id`, `attempt`)
);
--> statement-breakpoint
CREATE INDEX `attempts_at` ON `attempts` (`at`);--> statement-breakpoint
CREATE TABLE `deliveries` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`courier` text NOT NULL,
	`target_id` text NOT NULL,
	`event` text NOT NULL,
	`room_id` text,
	`subject_id` text NOT NULL,
	`detail` text,
	`state` text NOT NULL,
	`attempts` integer NOT NULL,
	`due_at` integer NOT NULL,
	`last_attempt_at` integer,
	`last_status` integer,
	`last_error` text,
	`settled_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `deliveries_due` ON `deliveries` (`courier`,`due_at`) WHERE settled_at IS NULL;--> statement-breakpoint
CREATE INDEX `deliveries_target` ON `deliveries` (`tenant_id`,`courier`,`target_id`,`id`);--> statement-breakpoint
CREATE INDEX `deliveries_state` ON `deliveries` (`tenant_id`,`state`,`id`) WHERE settled_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `deliveries_settled` ON `deliveries` (`settled_at`) WHERE settled_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`tenant_id` text NOT NULL,
	`asker` text NOT NULL,
	`key` text NOT NULL,
	`request_hash` text NOT NULL,
	`status` integer,
	`answer` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `asker`, `key`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_created_at` ON `idempotency_keys` (`created_at`);--> statement-breakpoint
CREATE TABLE `notifications` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`topic` text NOT NULL,
	`payload` text NOT NULL,
	`created_by` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `notifications_created_at` ON `notifications` (`created_at`);--> statement-breakpoint
CREATE TABLE `subscriptions` (
	`tenant_id` text NOT NULL,
	`topic` text NOT NULL,
	`user_id` text NOT NULL,
	`id` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `topic`, `user_id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `subscriptions_id` ON `subscriptions` (`tenant_id`,`id`);--> statement-breakpoint
CREATE INDEX `subscriptions_user` ON `subscriptions` (`tenant_id`,`user_id`);--> statement-breakpoint
CREATE TABLE `webhooks` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`url` text NOT NULL,
	`events` text NOT NULL,
	`include_private` integer NOT NULL,
	`secrets` text NOT NULL,
	`description` text NOT NULL,
	`failures` integer NOT NULL,
	`rest_until` integer NOT NULL,
	`disabled_at` integer,
	`disabled_reason` text,
	`created_by` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `webhooks_updated_at` ON `webhooks` (`updated_at`);--> statement-breakpoint
ALTER TABLE `rooms` ADD `metadata` text;--> statement-breakpoint
ALTER TABLE `tenants` ADD `config` text;--> statement-breakpoint
ALTER TABLE `tenants` ADD `disabled_at` integer;--> statement-breakpoint
CREATE INDEX `audit_log_at` ON `audit_log` (`at`);