CREATE TABLE "api_keys" (
	"tenant_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	"prefix" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"scope" text COLLATE "C" NOT NULL,
	"impersonate" boolean NOT NULL,
	"created_by" text COLLATE "C",
	"last_used_at" bigint,
	"expires_at" bigint,
	"revoked_at" bigint,
	"rev" bigint NOT NULL,
	"changed_at" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "api_keys_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "attempts" (
	"tenant_id" text COLLATE "C" NOT NULL,
	"delivery_id" text COLLATE "C" NOT NULL,
	"attempt" bigint NOT NULL,
	"at" bigint NOT NULL,
	"duration_ms" bigint,
	"status" bigint,
	"error" text COLLATE "C",
	CONSTRAINT "attempts_tenant_id_delivery_id_attempt_pk" PRIMARY KEY("tenant_id","delivery_id","attempt")
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"tenant_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"courier" text COLLATE "C" NOT NULL,
	"target_id" text COLLATE "C" NOT NULL,
	"event" text COLLATE "C" NOT NULL,
	"room_id" text COLLATE "C",
	"subject_id" text COLLATE "C" NOT NULL,
	"detail" text,
	"state" text COLLATE "C" NOT NULL,
	"attempts" bigint NOT NULL,
	"due_at" bigint NOT NULL,
	"last_attempt_at" bigint,
	"last_status" bigint,
	"last_error" text COLLATE "C",
	"settled_at" bigint,
	"created_at" bigint NOT NULL,
	CONSTRAINT "deliveries_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"tenant_id" text COLLATE "C" NOT NULL,
	"asker" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"request_hash" text COLLATE "C" NOT NULL,
	"status" bigint,
	"answer" text,
	"created_at" bigint NOT NULL,
	CONSTRAINT "idempotency_keys_tenant_id_asker_key_pk" PRIMARY KEY("tenant_id","asker","key")
);
--> statement-breakpoint
CREATE TABLE "notifications" (
	"tenant_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"topic" text COLLATE "C" NOT NULL,
	"payload" text NOT NULL,
	"created_by" text COLLATE "C",
	"created_at" bigint NOT NULL,
	CONSTRAINT "notifications_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "subscriptions" (
	"tenant_id" text COLLATE "C" NOT NULL,
	"topic" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "subscriptions_tenant_id_topic_user_id_pk" PRIMARY KEY("tenant_id","topic","user_id")
);
--> statement-breakpoint
CREATE TABLE "webhooks" (
	"tenant_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"url" text COLLATE "C" NOT NULL,
	"events" text NOT NULL,
	"include_private" boolean NOT NULL,
	"secrets" text NOT NULL,
	"description" text COLLATE "C" NOT NULL,
	"failures" bigint NOT NULL,
	"rest_until" bigint NOT NULL,
	"disabled_at" bigint,
	"disabled_reason" text COLLATE "C",
	"created_by" text COLLATE "C",
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	CONSTRAINT "webhooks_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "rooms" ADD COLUMN "metadata" text;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "config" text;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "disabled_at" bigint;--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_hash" ON "api_keys" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "api_keys_changed_at" ON "api_keys" USING btree ("changed_at");--> statement-breakpoint
CREATE INDEX "attempts_at" ON "attempts" USING btree ("at");--> statement-breakpoint
CREATE INDEX "deliveries_due" ON "deliveries" USING btree ("courier","due_at") WHERE settled_at IS NULL;--> statement-breakpoint
CREATE INDEX "deliveries_target" ON "deliveries" USING btree ("tenant_id","courier","target_id","id");--> statement-breakpoint
CREATE INDEX "deliveries_state" ON "deliveries" USING btree ("tenant_id","state","id") WHERE settled_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX "deliveries_settled" ON "deliveries" USING btree ("settled_at") WHERE settled_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX "idempotency_keys_created_at" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "notifications_created_at" ON "notifications" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "subscriptions_id" ON "subscriptions" USING btree ("tenant_id","id");--> statement-breakpoint
CREATE INDEX "subscriptions_user" ON "subscriptions" USING btree ("tenant_id","user_id");--> statement-breakpoint
CREATE INDEX "webhooks_updated_at" ON "webhooks" USING btree ("updated_at");--> statement-breakpoint
CREATE INDEX "audit_log_at" ON "audit_log" USING btree ("at");