# One image for the API, the worker and the commands: `docker run manzil api`, `… worker`, `… migrate`.
# A database is given by MANZIL_DATABASE_URL; /data holds the master key and the per-person keys, and must last.
FROM python:3.13-slim AS build
COPY requirements.lock /src/
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r /src/requirements.lock
COPY . /src
RUN /venv/bin/pip install --no-cache-dir --no-deps /src

FROM python:3.13-slim
RUN useradd --system --uid 10001 manzil && install -d -o manzil -m 0700 /data
COPY --from=build /venv /venv
USER manzil
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 MANZIL_DATA_DIR=/data MANZIL_HOST=0.0.0.0
VOLUME /data
EXPOSE 8000
ENTRYPOINT ["manzil"]
CMD ["api"]
