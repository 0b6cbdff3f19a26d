# Two stages: the first has pip and the build backend, the second only what runs.
FROM python:3.12-slim-trixie AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/watchbill && python -m venv /opt/backend
WORKDIR /src

# The locks first: code changes every day, they don't, and so this layer stays cached.
COPY requirements.txt requirements-backup.txt requirements-build.txt ./
RUN /opt/watchbill/bin/pip install --require-hashes -r requirements.txt -r requirements-backup.txt \
 && /opt/backend/bin/pip install --require-hashes -r requirements-build.txt

COPY . .
# Without .pyc files the bot starts three times slower, and it may not write them; unchecked, since nothing changes.
RUN /opt/backend/bin/python -m hatchling build -t wheel -d /wheel \
 && /opt/watchbill/bin/pip install --no-deps --no-index /wheel/*.whl \
 && /opt/watchbill/bin/python -m compileall -q -f --invalidation-mode unchecked-hash /opt/watchbill/lib


FROM python:3.12-slim-trixie

# Two malloc arenas: threads are few here, and each arena keeps memory for itself.
ENV PATH=/opt/watchbill/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MALLOC_ARENA_MAX=2 \
    WATCHBILL_DATABASE_URL=sqlite:////data/watchbill.db \
    WATCHBILL_HTTP_HOST=0.0.0.0 \
    WATCHBILL_HTTP_PORT=8080

RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin watchbill \
 && install -d -o watchbill -g watchbill -m 0700 /data \
 && install -d -o watchbill -g watchbill -m 0755 /srv/status
COPY --from=build /opt/watchbill /opt/watchbill

USER watchbill
WORKDIR /data
VOLUME /data
EXPOSE 8080

# Past any proxy that is set for Slack: this is the bot's own door.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-c", \
    "import os, urllib.request as u; u.build_opener(u.ProxyHandler({})).open('http://127.0.0.1:' + os.environ['WATCHBILL_HTTP_PORT'] + '/healthz', timeout=4)"]

CMD ["watchbill", "run"]
