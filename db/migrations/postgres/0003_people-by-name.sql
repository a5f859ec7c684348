CREATE TABLE "user_names" (
	"tenant_id" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	CONSTRAINT "user_names_tenant_id_name_user_id_pk" PRIMARY KEY("tenant_id","name","user_id")
);--> statement-breakpoint
INSERT INTO "user_names" ("tenant_id", "name", "user_id")
	SELECT "tenant_id", "username", "id" FROM "users" WHERE "username" IS NOT NULL
	UNION SELECT "tenant_id", substr(lower("display_name"), 1, 64), "id" FROM "users"
	UNION SELECT "tenant_id", substr(lower("display_name"), strpos("display_name", ' ') + 1, 64), "id" FROM "users" WHERE strpos("display_name", ' ') > 0;