ALTER TABLE `rooms` ADD `speaker_id` text;--> statement-breakpoint
ALTER TABLE `rooms` ADD `spoken_from` integer;--> statement-breakpoint
ALTER TABLE `rooms` ADD `prior_id` text;--> statement-breakpoint
ALTER TABLE `rooms` ADD `prior_from` integer;--> statement-breakpoint
ALTER TABLE `rooms` ADD `prior_at` integer;