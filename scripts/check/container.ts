/**
 * Builds the image of the Dockerfile and runs it as deploy/ tells people to: read-only root, no capability, no new privileges, its own user,
 * as process 1. Here no Docker daemon runs and no image can be fetched, so Debian's tools stand in: mmdebstrap makes the base, buildah
 * builds in a chroot, and namespaces run the outcome by what the image itself says (user, entry point, environment, health check).
 * Of the Dockerfile only its two default bases are replaced. Wants root, as apt does.
 */
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runImage } from "./container-run.ts";
import { imageConfigOf, must, said } from "./container-tools.ts";

const SUITE = "bookworm";
const root = resolve(import.meta.dir, "../..");

if (process.getuid?.() !== 0) throw new Error("The container step wants to be root: it installs tools, builds and mounts.");
if (Bun.which("buildah") === null || Bun.which("mmdebstrap") === null) {
  await must(["apt-get", "update", "-q"]);
  await must(["apt-get", "install", "-y", "-q", "--no-install-recommends", "buildah", "mmdebstrap"]);
}

const scratch = await mkdtemp(join(tmpdir(), "snug-container-"));
const buildah = (...words: string[]) => ["buildah", "--root", `${scratch}/store`, "--runroot", `${scratch}/run`, "--storage-driver", "vfs", ...words];
const build = (folder: string, tag: string, ...words: string[]) =>
  must(buildah("build", "--isolation", "chroot", "--format", "docker", "--pull-never", "-q", "-t", `localhost/${tag}`, ...words, folder));

try {
  await makeBases();
  await build(root, "snug", "--build-arg", "BUILD_BASE=localhost/snug-build-base", "--build-arg", "BASE=localhost/snug-base");
  const config = imageConfigOf(await said(buildah("inspect", "--type", "image", "localhost/snug")));
  const container = await said(buildah("from", "--pull-never", "localhost/snug"));
  const mounted = await said(buildah("mount", container));
  await runImage(mounted, config, scratch);
  await must(buildah("umount", container));
} finally {
  await rm(scratch, { recursive: true, force: true });
}

// The base of the image is a bare Debian. That of the build stage is the same with the Bun that runs this, which is the pinned one.
async function makeBases(): Promise<void> {
  const [base, buildBase] = [join(scratch, "base"), join(scratch, "build-base")];
  await mkdir(base);
  await mkdir(buildBase);
  await must(["mmdebstrap", "--variant=minbase", "-q", SUITE, join(base, "base.tar")]);
  await Bun.write(join(base, "Dockerfile"), "FROM scratch\nADD base.tar /\n");
  await build(base, "snug-base");
  await cp(process.execPath, join(buildBase, "bun"));
  // Where a workplace has certificates of its own, the build fetches packages by them, as we do.
  const own = Bun.env["NODE_EXTRA_CA_CERTS"];
  if (own !== undefined) await cp(own, join(buildBase, "ca.crt"), { dereference: true });
  const trust = own === undefined ? "" : "COPY ca.crt /ca.crt\nENV NODE_EXTRA_CA_CERTS=/ca.crt\n";
  await Bun.write(join(buildBase, "Dockerfile"), `FROM localhost/snug-base\nCOPY bun /usr/local/bin/bun\n${trust}`);
  await build(buildBase, "snug-build-base");
}
