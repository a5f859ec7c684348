CREATE TABLE "files" (
	"tenant_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"purpose" text COLLATE "C" NOT NULL,
	"uploader_id" text COLLATE "C" NOT NULL,
	"room_id" text COLLATE "C",
	"message_id" text COLLATE "C",
	"name" text COLLATE "C" NOT NULL,
	"type" text COLLATE "C" NOT NULL,
	"bytes" bigint NOT NULL,
	"hash" text COLLATE "C",
	"preview_hash" text COLLATE "C",
	"width" bigint,
	"height" bigint,
	"stored_at" bigint,
	"removed_at" bigint,
	"created_at" bigint NOT NULL,
	CONSTRAINT "files_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "reactions" (
	"tenant_id" text COLLATE "C" NOT NULL,
	"message_id" text COLLATE "C" NOT NULL,
	"emoji" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"room_id" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "reactions_tenant_id_message_id_emoji_user_id_pk" PRIMARY KEY("tenant_id","message_id","emoji","user_id")
);
--> statement-breakpoint
CREATE TABLE "saved" (
	"tenant_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"message_id" text COLLATE "C" NOT NULL,
	"room_id" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "saved_tenant_id_user_id_id_pk" PRIMARY KEY("tenant_id","user_id","id")
);
--> statement-breakpoint
ALTER TABLE "members" ADD COLUMN "marked_seq" bigint;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "files" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "reactions" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "pinned_at" bigint;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "pinned_by" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "rooms" ADD COLUMN "posting" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "disabled_why" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "avatar_id" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "status_text" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "status_emoji" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "status_until" bigint;--> statement-breakpoint
ALTER TABLE "ws_sessions" ADD COLUMN "hears" boolean;--> statement-breakpoint
CREATE INDEX "files_message" ON "files" USING btree ("tenant_id","message_id");--> statement-breakpoint
CREATE INDEX "files_hash" ON "files" USING btree ("tenant_id","hash");--> statement-breakpoint
CREATE INDEX "files_preview" ON "files" USING btree ("tenant_id","preview_hash");--> statement-breakpoint
CREATE INDEX "files_created_at" ON "files" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "saved_message" ON "saved" USING btree ("tenant_id","user_id","message_id");--> statement-breakpoint
CREATE INDEX "messages_replies" ON "messages" USING btree ("room_id","reply_to","seq") WHERE reply_to IS NOT NULL;--> statement-breakpoint
CREATE INDEX "messages_pinned" ON "messages" USING btree ("room_id","pinned_at") WHERE pinned_at IS NOT NULL;