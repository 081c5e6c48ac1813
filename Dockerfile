# The image of Baedal, the same for every role: docs/image.md. script/image builds it.
FROM debian:bookworm-slim AS build

# Alone first: the packages are installed again only when their list changes.
COPY script/bootstrap /src/script/bootstrap
RUN /src/script/bootstrap compile \
 && apt-get install -y -qq --no-install-recommends ca-certificates jq \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /src
COPY . .
ARG REVISION=
# The browser's pages are in build/image-web already: script/image has built them, and no Node is here.
# build/image-ccache, when the caller's compiler cache has filled it, only saves time.
RUN ! [ -f build/image-ccache/locale ] || . build/image-ccache/locale \
 && export CCACHE_DIR=/tmp/ccache CCACHE_REMOTE_STORAGE="file:/src/build/image-ccache|read-only" \
 && cmake --preset release -DBAEDAL_TESTS=OFF -DCMAKE_EXE_LINKER_FLAGS=-s \
      -DBAEDAL_WEB_BUILT=/src/build/image-web \
      "-DBAEDAL_GIT_COMMIT=$(echo "${REVISION}" | cut -c1-12)" \
 && cmake --build build/release --target baedal \
 && ccache -s

ARG VERSION=0
ARG SOURCE_DATE_EPOCH=0
RUN export SOURCE_DATE_EPOCH \
 && deploy/docker/baedal/collect build/release/src/main/baedal /rootfs \
 && deploy/docker/baedal/sbom /rootfs build/release build/image-web "${VERSION}" >/tmp/sbom \
 && jq -r '.components[] | select(.purl | startswith("pkg:deb/")) | .name' /tmp/sbom | xargs deploy/docker/baedal/licences /rootfs \
 && mv /tmp/sbom /rootfs/usr/share/doc/baedal/sbom.cdx.json \
 && install -m 0644 LICENSE /rootfs/usr/share/doc/baedal/LICENSE \
 && install -m 0644 build/image-web/licences.txt /rootfs/usr/share/doc/baedal/licences-of-the-pages \
 && mkdir -p /volume/data \
 && find /rootfs /volume -exec touch -h -d "@${SOURCE_DATE_EPOCH}" {} +

FROM scratch
COPY --from=build /rootfs/ /
COPY --from=build --chown=10001:10001 /volume/ /

ARG VERSION=0
ARG REVISION=
ARG CREATED=1970-01-01T00:00:00Z
ARG SOURCE=
LABEL org.opencontainers.image.title="baedal" \
      org.opencontainers.image.description="Food ordering and delivery: every role in one program" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.source="${SOURCE}"

ENV BAEDAL_HTTP_ADDRESS=0.0.0.0 \
    BAEDAL_DATA_DIR=/data \
    BAEDAL_LOG_FORMAT=json \
    SQLITE_TMPDIR=/data
USER 10001:10001
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 CMD ["/baedal", "health"]
ENTRYPOINT ["/baedal"]
CMD ["serve"]
