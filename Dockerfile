# Snug as an image: docker build -t snug . && docker run -p 3000:3000 -v snug:/data --read-only --tmpfs /tmp --cap-drop ALL \
#   --security-opt no-new-privileges snug
#
# Both bases are of this digest, whatever their tags come to mean, and hold for every platform that they have. A newer one: `docker buildx imagetools inspect
# docker.io/library/debian:bookworm-slim` tells its digest, --build-arg BASE=...@sha256:... takes it.
# BUILD_BASE needs npm (scripts/bun.sh then fetches the Bun that package.json pins) or that very Bun.
# BASE needs glibc and nothing else: no package is installed into it and nothing is run in it while building.
ARG BUILD_BASE=docker.io/library/node:22.23.3-bookworm-slim@sha256:43ac6c60b8f89723f746e8a92ce91abd5017e627ce1ddfe4238355d3a30b772c
ARG BASE=docker.io/library/debian:bookworm-20260824-slim@sha256:88200866dfff7ea7f5cbcb6ec7c8a701889efe6fe859fe64d6990e4b07ea4171

FROM ${BUILD_BASE} AS build
WORKDIR /src
COPY . .
ARG BUILD_COMMIT=unknown
ENV BUILD_COMMIT=${BUILD_COMMIT}
RUN sh scripts/bun.sh install --frozen-lockfile --ignore-scripts --production \
  && sh scripts/bun.sh run scripts/build.ts \
  && mkdir /empty

FROM ${BASE}
COPY --from=build /src/dist/snug /snug
# Whoever starts the container with a new volume gets a folder that Snug may write to.
COPY --from=build --chown=10001:10001 /empty /data
ENV SNUG_DATA=/data
VOLUME /data
EXPOSE 3000
USER 10001:10001
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["/snug", "healthcheck"]
ENTRYPOINT ["/snug"]
