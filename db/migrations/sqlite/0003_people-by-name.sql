CREATE TABLE `user_names` (
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`user_id` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `name`, `user_id`)
);--> statement-breakpoint
INSERT INTO `user_names` (`tenant_id`, `name`, `user_id`)
	SELECT `tenant_id`, `username`, `id` FROM `users` WHERE `username` IS NOT NULL
	UNION SELECT `tenant_id`, substr(lower(`display_name`), 1, 64), `id` FROM `users`
	UNION SELECT `tenant_id`, substr(lower(`display_name`), instr(`display_name`, ' ') + 1, 64), `id` FROM `users` WHERE instr(`display_name`, ' ') > 0;