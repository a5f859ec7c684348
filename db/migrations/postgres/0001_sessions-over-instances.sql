CREATE TABLE "instances" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"name" text COLLATE "C",
	"beat" bigint NOT NULL,
	"rev" bigint NOT NULL,
	"floor_rev" bigint NOT NULL,
	"seen_at" bigint NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
DROP INDEX "ws_sessions_user";--> statement-breakpoint
ALTER TABLE "ws_sessions" ADD COLUMN "status" text COLLATE "C" NOT NULL;--> statement-breakpoint
ALTER TABLE "ws_sessions" ADD COLUMN "rev" bigint NOT NULL;--> statement-breakpoint
ALTER TABLE "ws_sessions" ADD COLUMN "closed_at" bigint;--> statement-breakpoint
CREATE INDEX "ws_sessions_instance" ON "ws_sessions" USING btree ("instance_id","rev");