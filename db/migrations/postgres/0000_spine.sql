CREATE TABLE "audit_log" (
	"tenant_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"at" bigint NOT NULL,
	"actor_id" text COLLATE "C",
	"action" text COLLATE "C" NOT NULL,
	"target_id" text COLLATE "C",
	"detail" text NOT NULL,
	CONSTRAINT "audit_log_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "installation" (
	"id" bigint PRIMARY KEY NOT NULL,
	"epoch" text COLLATE "C" NOT NULL,
	"boot" text COLLATE "C" NOT NULL,
	"secret_prints" text NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "invites" (
	"tenant_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"code_hash" text COLLATE "C" NOT NULL,
	"role" text COLLATE "C" NOT NULL,
	"max_uses" bigint NOT NULL,
	"used_count" bigint NOT NULL,
	"created_by" text COLLATE "C" NOT NULL,
	"expires_at" bigint NOT NULL,
	"revoked_at" bigint,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	CONSTRAINT "invites_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "members" (
	"tenant_id" text COLLATE "C" NOT NULL,
	"room_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"role" text COLLATE "C" NOT NULL,
	"level" text COLLATE "C" NOT NULL,
	"acked_seq" bigint NOT NULL,
	"acked_at" bigint NOT NULL,
	"rev" bigint NOT NULL,
	"joined_at" bigint NOT NULL,
	"left_at" bigint,
	"updated_at" bigint NOT NULL,
	CONSTRAINT "members_tenant_id_room_id_user_id_pk" PRIMARY KEY("tenant_id","room_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "mentions" (
	"tenant_id" text COLLATE "C" NOT NULL,
	"room_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"seq" bigint NOT NULL,
	CONSTRAINT "mentions_tenant_id_room_id_user_id_seq_pk" PRIMARY KEY("tenant_id","room_id","user_id","seq")
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"arrival" bigserial PRIMARY KEY NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"tenant_id" text COLLATE "C" NOT NULL,
	"room_id" text COLLATE "C" NOT NULL,
	"sender_id" text COLLATE "C" NOT NULL,
	"client_id" text COLLATE "C" NOT NULL,
	"seq" bigint NOT NULL,
	"rev" bigint NOT NULL,
	"born_rev" bigint NOT NULL,
	"content" text COLLATE "C" NOT NULL,
	"meta" text,
	"mentions" text,
	"reply_to" text COLLATE "C",
	"created_at" bigint NOT NULL,
	"edited_at" bigint,
	"removed_at" bigint
);
--> statement-breakpoint
CREATE TABLE "refresh_tokens" (
	"hash" text COLLATE "C" PRIMARY KEY NOT NULL,
	"tenant_id" text COLLATE "C" NOT NULL,
	"sign_in_id" text COLLATE "C" NOT NULL,
	"used_at" bigint,
	"expires_at" bigint NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rooms" (
	"tenant_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"type" text COLLATE "C" NOT NULL,
	"visibility" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C",
	"folded_name" text COLLATE "C",
	"description" text COLLATE "C" NOT NULL,
	"owner_id" text COLLATE "C",
	"unique_key" text COLLATE "C",
	"first_seq" bigint NOT NULL,
	"last_seq" bigint NOT NULL,
	"last_rev" bigint NOT NULL,
	"last_at" bigint NOT NULL,
	"rev" bigint NOT NULL,
	"rights_rev" bigint NOT NULL,
	"member_count" bigint NOT NULL,
	"archived_at" bigint,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	CONSTRAINT "rooms_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "sign_ins" (
	"tenant_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"device" text COLLATE "C" NOT NULL,
	"born_at" bigint NOT NULL,
	"seen_at" bigint NOT NULL,
	"ended_at" bigint,
	CONSTRAINT "sign_ins_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "tenants" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"host" text COLLATE "C",
	"registration" text COLLATE "C" NOT NULL,
	"directory" boolean NOT NULL,
	"limits" text NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"tenant_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"username" text COLLATE "C",
	"display_name" text COLLATE "C" NOT NULL,
	"password_hash" text COLLATE "C",
	"role" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"settings" text NOT NULL,
	"disabled_at" bigint,
	"last_seen_at" bigint,
	"rev" bigint NOT NULL,
	"changed_at" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	CONSTRAINT "users_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "ws_sessions" (
	"tenant_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"instance_id" text COLLATE "C" NOT NULL,
	"last_seen_at" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	CONSTRAINT "ws_sessions_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "ws_tickets" (
	"hash" text COLLATE "C" PRIMARY KEY NOT NULL,
	"tenant_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"room_id" text COLLATE "C",
	"via" text NOT NULL,
	"origin" text COLLATE "C",
	"used_at" bigint,
	"expires_at" bigint NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "invites_code_hash" ON "invites" USING btree ("code_hash");--> statement-breakpoint
CREATE INDEX "members_user" ON "members" USING btree ("tenant_id","user_id");--> statement-breakpoint
CREATE INDEX "members_rev" ON "members" USING btree ("tenant_id","room_id","rev");--> statement-breakpoint
CREATE UNIQUE INDEX "messages_seq" ON "messages" USING btree ("room_id","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "messages_id" ON "messages" USING btree ("id");--> statement-breakpoint
CREATE UNIQUE INDEX "messages_client_id" ON "messages" USING btree ("client_id","sender_id","room_id");--> statement-breakpoint
CREATE INDEX "messages_changed" ON "messages" USING btree ("room_id","rev") WHERE rev > born_rev;--> statement-breakpoint
CREATE INDEX "refresh_tokens_sign_in" ON "refresh_tokens" USING btree ("tenant_id","sign_in_id");--> statement-breakpoint
CREATE INDEX "refresh_tokens_expires_at" ON "refresh_tokens" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "rooms_unique_key" ON "rooms" USING btree ("tenant_id","unique_key");--> statement-breakpoint
CREATE UNIQUE INDEX "rooms_folded_name" ON "rooms" USING btree ("tenant_id","folded_name");--> statement-breakpoint
CREATE INDEX "sign_ins_user" ON "sign_ins" USING btree ("tenant_id","user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "tenants_host" ON "tenants" USING btree ("host");--> statement-breakpoint
CREATE UNIQUE INDEX "users_username" ON "users" USING btree ("tenant_id","username");--> statement-breakpoint
CREATE INDEX "users_changed_at" ON "users" USING btree ("changed_at");--> statement-breakpoint
CREATE INDEX "ws_sessions_user" ON "ws_sessions" USING btree ("tenant_id","user_id");--> statement-breakpoint
CREATE INDEX "ws_tickets_expires_at" ON "ws_tickets" USING btree ("expires_at");