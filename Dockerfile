# The grader in a container; docs/container.md has the commands for Docker and Podman.
#
#   worker   the frameworks and the worker's code: no test, no answer
#   grader   all of it; what `grade.py` is
#
# Packages come from wherever apt and pip are configured to get them. A pip.conf for the build can be given as the secret
# `pip`, and the certificates that it trusts as `certificates`; neither stays in the image.

FROM debian:bookworm-slim AS worker

RUN apt-get -qq update \
    && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
        bubblewrap libseccomp2 python3 python3-venv \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*

WORKDIR /opt/autograder
COPY constraints.txt pyproject.toml scripts/packages-of ./
# PyTorch first and by itself, so that no other package pulls another build of it.
RUN --mount=type=secret,id=pip,target=/etc/pip.conf \
    --mount=type=secret,id=certificates \
    python3 -m venv /opt/venv \
    && /opt/venv/bin/pip install --quiet --no-cache-dir --constraint constraints.txt "$(grep '^torch==' constraints.txt)" \
    && ./packages-of worker | xargs /opt/venv/bin/pip install --quiet --no-cache-dir --constraint constraints.txt \
    # What is only for building extensions of PyTorch, and for testing it.
    && cd /opt/venv/lib/python3*/site-packages/torch && rm -rf include test bin/protoc* bin/test_*
COPY autograder/worker autograder/worker
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin \
    LANG=C.UTF-8 \
    PYTHONDONTWRITEBYTECODE=1 \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility
RUN /usr/sbin/useradd --uid 1000 --home-dir /state --no-create-home --shell /usr/sbin/nologin grader \
    && install --directory --owner grader --mode 0700 /state
USER grader
CMD ["python"]


FROM worker AS grader

USER root
# Extras of pyproject.toml: parquet, nbgrader, postgresql.
ARG EXTRAS=
RUN --mount=type=secret,id=pip,target=/etc/pip.conf \
    --mount=type=secret,id=certificates \
    ./packages-of grader $EXTRAS | xargs /opt/venv/bin/pip install --quiet --no-cache-dir --constraint constraints.txt
COPY grade.py ./
COPY autograder autograder
COPY assignments assignments
COPY reference reference
COPY student_template student_template
RUN printf '#!/bin/sh\nexec /opt/venv/bin/python /opt/autograder/grade.py "$@"\n' >/usr/local/bin/grade.py \
    && chmod 0755 /usr/local/bin/grade.py \
    && /opt/venv/bin/python -m compileall -q autograder
ENV AUTOGRADER_STATE=/state
USER grader
WORKDIR /state
VOLUME /state
HEALTHCHECK --interval=10m --timeout=2m CMD ["grade.py", "doctor"]
CMD ["grade.py", "doctor"]


# Answers in other frameworks: `--target runtimes --build-arg RUNTIMES="jax mxnet"`. CNTK needs Python 3.6, which Debian
# has no more.
FROM grader AS runtimes

USER root
ARG RUNTIMES="jax tensorflow keras mxnet"
RUN apt-get -qq update \
    && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends libgomp1 libquadmath0 \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*
RUN --mount=type=secret,id=pip,target=/etc/pip.conf \
    --mount=type=secret,id=certificates \
    grade.py runtimes install $RUNTIMES --to /opt/runtimes
ENV AUTOGRADER_RUNTIMES=/opt/runtimes
USER grader
