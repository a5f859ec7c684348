-- Nothing asked for the number but the index that held it. The index that held ids unique becomes the key's as it stands: nothing is rewritten.
ALTER TABLE "messages" DROP COLUMN "arrival";--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_pkey" PRIMARY KEY USING INDEX "messages_id";
