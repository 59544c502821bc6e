# syntax=docker/dockerfile:1
# Two stages: wheels are made in the first, the second installs them and nothing else.
FROM python:3.12-slim AS wheels
WORKDIR /source
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY graphmap graphmap
COPY web web
COPY importers importers
RUN pip wheel --no-cache-dir --wheel-dir /wheels -c requirements.lock .

FROM python:3.12-slim
LABEL org.opencontainers.image.title="graphmap" org.opencontainers.image.licenses="Apache-2.0"
RUN --mount=type=bind,from=wheels,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-compile --no-index --find-links=/wheels graphmap-crm \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin graphmap \
    && install -d -o graphmap -g graphmap -m 0700 /var/lib/graphmap
USER 10001:10001
ENV GRAPHMAP_HOME=/var/lib/graphmap PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
VOLUME /var/lib/graphmap
WORKDIR /var/lib/graphmap
ENTRYPOINT ["graphmap"]
CMD ["serve"]
