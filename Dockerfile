# Two programs and the libraries they need, run by nobody in particular. Build from the root:
#   docker build -t lethe:0.1.0 .
# The final image may be any with glibc 2.36 and libstdc++ 12, for instance a distroless one for
# C++ on Debian 12; no shell is used after the build.
ARG BUILD_IMAGE=debian:bookworm-slim
ARG RUNTIME_IMAGE=debian:bookworm-slim

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
# Packages first: a layer that changes only with the list.
COPY scripts/lib.sh scripts/install-deps.sh scripts/
RUN scripts/install-deps.sh --only build && rm -rf /var/lib/apt/lists/*
COPY . .
RUN cmake --preset release -DLETHE_BUILD_TESTS=OFF -DLETHE_BUILD_BENCH=OFF \
    && cmake --build --preset release --target lethed lethe \
    && DESTDIR=/stage cmake --install build/release --prefix /usr --strip
# What both programs are linked with, but for what every such image holds; the policies' time
# zones; and mount points that nobody's user, or any user in group 0, may write to.
RUN ldd /stage/usr/bin/lethed /stage/usr/bin/lethe | awk '$3 ~ "^/" { sub("^/lib/", "/usr/lib/", $3); print $3 }' | sort -u \
    | grep -vE '/(libc|libm|libdl|librt|libpthread|libresolv|libstdc\+\+|libgcc_s)\.so' \
    | xargs -r cp -L --parents -t /stage \
    && cp -r --parents /usr/share/zoneinfo /stage \
    && install -d -m 0770 /volumes/data /volumes/holder /volumes/archive

FROM ${RUNTIME_IMAGE}
LABEL org.opencontainers.image.title="Lethe" \
      org.opencontainers.image.description="The record vault that can forget" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /stage/ /
COPY --from=build --chown=65532:0 /volumes/ /
# Small pieces of freed memory are overwritten at once too, instead of waiting in a thread's cache,
# and no first call of a library's function saves registers with plaintext on a stack.
ENV GLIBC_TUNABLES=glibc.malloc.tcache_count=0 \
    LD_BIND_NOW=1
USER 65532:65532
VOLUME ["/data", "/holder", "/archive"]
EXPOSE 8443 8444
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/bin/lethed"]
CMD ["--config=/etc/lethe/lethed.yaml"]
