# The app in a container: the packages of requirements.lock, fonts for the pictures that people take along, no root.
#
#   docker build -t self-attention-playground .
#   docker run --rm -p 8501:8501 self-attention-playground
FROM python:3.13-slim-bookworm AS packages
COPY requirements.lock .
RUN python -m venv /opt/app && /opt/app/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock

FROM python:3.13-slim-bookworm
COPY packages.txt /tmp/packages.txt
RUN apt-get update \
    && xargs -a /tmp/packages.txt apt-get install -y --no-install-recommends \
    && rm -rf /var/lib/apt/lists/* /tmp/packages.txt \
    && useradd --uid 1000 --create-home app
COPY --from=packages /opt/app /opt/app
WORKDIR /app
COPY . .
USER app
# The code does not change in a container, so it is not followed; bytecode would be written where nobody may write.
ENV PATH=/opt/app/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PLAYGROUND_FOLLOW_CODE=no \
    STREAMLIT_SERVER_HEADLESS=true STREAMLIT_SERVER_ADDRESS=0.0.0.0 STREAMLIT_SERVER_PORT=8501
EXPOSE 8501
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["python", "-c", "import os, urllib.request as u; \
u.urlopen('http://127.0.0.1:' + os.environ['STREAMLIT_SERVER_PORT'] + '/_stcore/health', timeout=2)"]
CMD ["python", "-m", "streamlit", "run", "app.py"]
