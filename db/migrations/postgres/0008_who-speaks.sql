ALTER TABLE "rooms" ADD COLUMN "speaker_id" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "rooms" ADD COLUMN "spoken_from" bigint;--> statement-breakpoint
ALTER TABLE "rooms" ADD COLUMN "prior_id" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "rooms" ADD COLUMN "prior_from" bigint;--> statement-breakpoint
ALTER TABLE "rooms" ADD COLUMN "prior_at" bigint;